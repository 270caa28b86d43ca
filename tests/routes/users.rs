//! The administration of users.

use crea::{
    auth::{Module, Role},
    sql,
};

use crate::harness::{Client, TestApp, both_dbs, one_db};

/// A browser in which an administrator is signed in.
async fn admin(app: &TestApp) -> Client {
    let user = app.user("adela").role(Role::Administrador).insert().await;
    app.sign_in(&user).await
}

both_dbs!(the_list_shows_who_matches_and_keeps_its_filters_in_every_link, |app| {
    let own = app.campaign(Module::Core).await;
    for _ in 0..20 {
        app.user("ana").campaign(&own).insert().await;
    }
    let browser = admin(&app).await;
    let page = browser.get("/people").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.texts(".data-table tbody tr").len(), 15, "a page");
    assert!(page.texts(".pager").join(" ").contains("1–15 de 21"), "{:?}", page.texts(".pager"));
    let second = browser.get("/people?role=asesor&q=an&page=2").await;
    assert_eq!(second.texts(".data-table tbody tr").len(), 5);
    assert_eq!(second.attrs(".pager-steps a", "href"), ["/people?q=an&role=asesor"]);
    let sorts = second.attrs(".data-table thead a", "href");
    assert_eq!(sorts, ["/people?q=an&role=asesor&sort=-name", "/people?q=an&role=asesor&sort=seen"]);
    assert_eq!(second.texts(".chip").len(), 2);
    let part = browser.get_partial("/people?q=nobody").await;
    assert!(part.text.starts_with("<section class=\"list\""), "{}", part.text);
    assert!(part.texts(".nothing").len() == 1 && part.texts("tr").is_empty());
});

one_db!(the_list_says_where_each_account_stands, |app| {
    let browser = admin(&app).await;
    let eva = app.user("eva").inactive().insert().await;
    let ivo = app.user("ivo").insert().await;
    app.db.exec(sql!("update app_user set invited_at = $1 where id = $2", app.now(), eva.id)).await.unwrap();
    for _ in 0..5 {
        app.browser().at([10, 0, 0, 9]).post("/sign-in", &[("login", &ivo.email), ("password", "wrong")]).await;
    }
    for (state, name) in [("locked", "Ivo Ruiz"), ("invited", "Eva Ruiz"), ("active", "Adela Ruiz")] {
        let page = browser.get(&format!("/people?state={state}")).await;
        let names = page.texts(".data-table tbody th strong");
        assert!(names.contains(&name.to_owned()), "{state}: {names:?}");
        assert_eq!(page.attrs(".data-table tbody .tag use", "href").len(), names.len());
    }
    assert!(browser.get("/people?state=inactive").await.texts("tbody tr").is_empty());
});
