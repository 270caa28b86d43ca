//! The administration of users.

use crea::{
    auth::{Module, Role},
    sql,
};

use crate::harness::{Answer, Client, TestApp, User, both_dbs, one_db};

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
        let names = page.texts(".data-table tbody th a");
        assert!(names.contains(&name.to_owned()), "{state}: {names:?}");
        assert_eq!(page.attrs(".data-table tbody .tag use", "href").len(), names.len());
    }
    assert!(browser.get("/people?state=inactive").await.texts("tbody tr").is_empty());
});

/// The form of a user as their page shows it, with some fields changed.
pub async fn form(browser: &Client, path: &str, change: &[(&str, &str)]) -> Vec<(String, String)> {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let names = page.attrs("form.stack input:not([type=checkbox])", "name");
    let html = scraper::Html::parse_document(&page.text);
    let mut pairs: Vec<(String, String)> = Vec::new();
    for name in names {
        let found = scraper::Selector::parse(&format!("form.stack input[name={name}]")).unwrap();
        let value = html.select(&found).next().and_then(|e| e.attr("value")).unwrap_or_default();
        pairs.push((name, value.to_owned()));
    }
    for (select, name, attr) in [
        ("select[name=role] option[selected]", "role", "value"),
        ("input[name=campaign][checked]", "campaign", "value"),
    ] {
        let found = scraper::Selector::parse(select).unwrap();
        pairs.extend(html.select(&found).map(|e| (name.to_owned(), e.attr(attr).unwrap().to_owned())));
    }
    for (name, value) in change {
        pairs.retain(|(n, _)| n != name);
        if !value.is_empty() || *name != "campaign" {
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
    }
    pairs
}

pub async fn send(browser: &Client, path: &str, pairs: &[(String, String)]) -> Answer {
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(path, &pairs).await
}

fn path_of(user: &User) -> String {
    format!("/people/{}", user.id)
}

both_dbs!(a_user_is_changed_and_the_log_says_what, |app| {
    let (old, new) = (app.campaign(Module::Core).await, app.campaign(Module::Telefonica).await);
    let browser = admin(&app).await;
    let ana = app.user("ana").campaign(&old).insert().await;
    let new_id = new.id.to_string();
    let change = [("role", "supervisor"), ("greta_user", "GR_9"), ("document", "1020"), ("campaign", &*new_id)];
    let filled = form(&browser, &path_of(&ana), &change).await;
    let answer = send(&browser, &path_of(&ana), &filled).await;
    assert_eq!(answer.location(), format!("{}?done=saved", path_of(&ana)));
    let stored: (String, String, Option<String>, i64) = app
        .db
        .one(sql!("select role, greta_user, document, version from app_user where id = $1", ana.id))
        .await
        .unwrap();
    assert_eq!(stored, ("supervisor".to_owned(), "GR_9".to_owned(), Some("1020".to_owned()), 2));
    let member: Vec<(String,)> =
        app.db.all(sql!("select c.name from membership m join campaign c on c.id = m.campaign_id")).await.unwrap();
    assert_eq!(member, [(new.name.clone(),)]);
    let page = browser.get(&format!("{}?done=saved", path_of(&ana))).await;
    let changes = page.texts(".timeline .change").join("\n");
    assert!(changes.contains("Asesor → Supervisor"), "{changes}");
    assert!(changes.contains(&format!("{} → {}", old.name, new.name)), "{changes}");
    assert!(!changes.contains("Nombres"), "what stayed is not told: {changes}");
});

both_dbs!(a_form_that_is_refused_keeps_what_was_typed, |app| {
    let browser = admin(&app).await;
    let (ana, luz) = (app.user("ana").document("77").insert().await, app.user("luz").insert().await);
    for (change, text) in [
        (vec![("email", "no"), ("phone", "300 1234567")], "Escriba un correo válido"),
        (vec![("email", &*ana.email.to_uppercase()), ("phone", "300 1234567")], "Otro usuario ya tiene"),
        (vec![("document", "77"), ("phone", "300 1234567")], "Otro usuario ya tiene"),
    ] {
        let filled = form(&browser, &path_of(&luz), &change).await;
        let answer = send(&browser, &path_of(&luz), &filled).await;
        assert_eq!(answer.status, 422);
        assert!(answer.texts(".field-error").join(" ").contains(text), "{:?}", answer.texts(".field-error"));
        assert_eq!(answer.attrs("[name=phone]", "value"), ["300 1234567"]);
    }
});

both_dbs!(of_two_editors_the_second_sees_both_and_may_still_save, |app| {
    let browser = admin(&app).await;
    let ana = app.user("ana").insert().await;
    let mine = form(&browser, &path_of(&ana), &[("phone", "1111111")]).await;
    let theirs = form(&browser, &path_of(&ana), &[("phone", "2222222"), ("role", "calidad")]).await;
    assert_eq!(send(&browser, &path_of(&ana), &theirs).await.status, 303);
    let answer = send(&browser, &path_of(&ana), &mine).await;
    assert_eq!(answer.status, 409);
    let table = answer.texts(".notice td").join("|");
    assert_eq!(table, "2222222|1111111|Calidad|Asesor");
    assert_eq!(answer.attrs("[name=phone]", "value"), ["1111111"], "what was typed stays");
    let mut again = mine.clone();
    again.retain(|(name, _)| name != "version");
    again.push(("version".to_owned(), answer.attrs("[name=version]", "value")[0].clone()));
    assert_eq!(send(&browser, &path_of(&ana), &again).await.status, 303);
});

both_dbs!(nobody_takes_away_the_last_administrator_or_oneself, |app| {
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let browser = app.sign_in(&adela).await;
    let root = app.user("root").superuser().insert().await;
    let demoted = form(&browser, &path_of(&adela), &[("role", "asesor")]).await;
    let answer = send(&browser, &path_of(&adela), &demoted).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("No puede quitarse su propio rol"), "{}", answer.text);
    let state = |user: &User| format!("{}/state", path_of(user));
    assert_eq!(browser.post(&state(&adela), &[("active", "0")]).await.status, 409);
    assert_eq!(browser.post(&state(&root), &[("active", "0")]).await.status, 403, "superusers are for superusers");
    assert!(browser.get(&path_of(&root)).await.texts("form.stack .actions").is_empty());
    let roots = app.sign_in(&root).await;
    assert_eq!(roots.post(&state(&adela), &[("active", "0")]).await.status, 303, "root is left");
    assert_eq!(roots.post(&state(&root), &[("active", "0")]).await.status, 409);
    let promoted = form(&roots, &path_of(&adela), &[("is_superuser", "1")]).await;
    assert_eq!(send(&roots, &path_of(&adela), &promoted).await.status, 303);
});

both_dbs!(two_administrators_who_demote_each_other_at_once_leave_one, |app| {
    for _ in 0..5 {
        let (a, b) = (
            app.user("aida").role(Role::Administrador).insert().await,
            app.user("berta").role(Role::Administrador).insert().await,
        );
        let (hers, his) = (app.sign_in(&a).await, app.sign_in(&b).await);
        let one = form(&hers, &path_of(&b), &[("role", "asesor")]).await;
        let two = form(&his, &path_of(&a), &[("role", "asesor")]).await;
        let (path_a, path_b) = (path_of(&a), path_of(&b));
        let (x, y) = tokio::join!(send(&hers, &path_b, &one), send(&his, &path_a, &two));
        let statuses = [x.status.as_u16(), y.status.as_u16()];
        assert!(statuses.contains(&303), "{statuses:?}");
        let (left,): (i64,) =
            app.db.one(sql!("select count(*) from app_user where is_active and role = 'administrador'")).await.unwrap();
        assert_eq!(left, 1, "{statuses:?}");
        app.db.exec(sql!("update app_user set is_active = false")).await.unwrap();
    }
});

both_dbs!(an_invited_person_sets_a_password_once_and_is_in, |app| {
    let own = app.campaign(Module::Core).await;
    let browser = admin(&app).await;
    let own_id = own.id.to_string();
    let data = [("first_name", "Eva"), ("last_name", "Ríos"), ("email", "eva@crea.example"), ("role", "supervisor")];
    let pairs: Vec<(&str, &str)> = data.into_iter().chain([("campaign", &*own_id)]).collect();
    let answer = browser.post("/people", &pairs).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let link = answer.attrs("#link-once", "value")[0].clone();
    let path = link.trim_start_matches("http://127.0.0.1:8080").to_owned();
    assert!(path.starts_with("/invitation/"), "{link}");
    assert!(browser.get("/people?state=invited").await.text.contains("Eva Ríos"));
    let (stored,): (i64,) = app
        .db
        .one(sql!("select count(*) from account_token where token_hash = $1", path.rsplit('/').next().unwrap()))
        .await
        .unwrap();
    assert_eq!(stored, 0, "the table holds digests");
    let eva = app.browser();
    assert!(eva.get(&path).await.text.contains("eva@crea.example"));
    let weak = eva.post(&path, &[("password", "short"), ("password_again", "other")]).await;
    assert_eq!((weak.status.as_u16(), weak.texts(".field-error").len()), (422, 2));
    let word = [("password", "cuatro palabras sin prisa"), ("password_again", "cuatro palabras sin prisa")];
    assert_eq!(eva.post(&path, &word).await.location(), "/");
    assert!(eva.get("/").await.text.contains(&own.name), "signed in, with the campaign");
    assert_eq!(app.browser().get(&path).await.status, 404, "it works once");
    assert_eq!(app.browser().post(&path, &word).await.status, 404);
    let row = browser.get("/people?q=eva").await;
    assert!(row.texts(".tag").join(" ").contains("Activo"), "{:?}", row.texts(".tag"));
});

both_dbs!(an_invitation_is_over_when_taken_back_replaced_or_old, |app| {
    let browser = admin(&app).await;
    let invite = async |email: &str| {
        let data = [("first_name", "Eva"), ("last_name", "Ríos"), ("email", email), ("role", "asesor")];
        let answer = browser.post("/people", &data).await;
        let link = answer.attrs("#link-once", "value")[0].trim_start_matches("http://127.0.0.1:8080").to_owned();
        let id: (uuid::Uuid,) = app.db.one(sql!("select id from app_user where email = $1", email)).await.unwrap();
        (link, format!("/people/{}/invitation", id.0))
    };
    let status = async |link: &str| app.browser().get(link).await.status.as_u16();
    let (first, path) = invite("a@crea.example").await;
    let again = browser.post(&path, &[]).await;
    let second = again.attrs("#link-once", "value")[0].trim_start_matches("http://127.0.0.1:8080").to_owned();
    assert_eq!((status(&first).await, status(&second).await), (404, 200), "the newer one counts");
    assert_eq!(browser.post(&path, &[("revoke", "1")]).await.status, 303);
    assert_eq!(status(&second).await, 404);
    let (third, _) = invite("b@crea.example").await;
    app.clock.advance(chrono::TimeDelta::hours(47));
    assert_eq!(status(&third).await, 200);
    app.clock.advance(chrono::TimeDelta::hours(2));
    assert_eq!(status(&third).await, 404, "two days");
    assert_eq!(status("/invitation/0000").await, 404);
});

both_dbs!(an_account_is_unlocked_and_its_sessions_are_ended, |app| {
    let browser = admin(&app).await;
    let (ivo, luz) = (app.user("ivo").insert().await, app.user("luz").insert().await);
    let his = app.sign_in(&ivo).await;
    let hers = app.sign_in(&luz).await;
    for _ in 0..6 {
        app.browser().post("/sign-in", &[("login", &ivo.email), ("password", "wrong")]).await;
    }
    let sign_in = [("login", &*ivo.email), ("password", crate::harness::PASSWORD)];
    assert_eq!(app.browser().post("/sign-in", &sign_in).await.status, 429);
    assert_eq!(browser.post(&format!("{}/lock", path_of(&ivo)), &[]).await.status, 303);
    assert_eq!(app.browser().post("/sign-in", &sign_in).await.status, 303);
    let sessions = format!("{}/sessions", path_of(&ivo));
    let foreign: (uuid::Uuid,) = app.db.one(sql!("select id from session where user_id = $1", luz.id)).await.unwrap();
    assert_eq!(browser.post(&sessions, &[("session", &foreign.0.to_string())]).await.status, 404);
    assert_eq!(hers.get("/").await.status, 200);
    assert_eq!(browser.post(&sessions, &[]).await.status, 303);
    assert_eq!(his.get("/").await.location(), "/sign-in");
    assert_eq!(hers.get("/").await.status, 200, "nobody else's");
});

one_db!(who_loses_a_campaign_leaves_its_groups, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let boss = app.user("jefa").role(Role::Administrador).insert().await;
    let ana = app.user("ana").campaign(&own).campaign(&other).insert().await;
    let browser = app.sign_in(&boss).await;
    for campaign in [&own, &other] {
        let id = campaign.id.to_string();
        let group = [("campaign", &*id), ("title", "Turno"), ("people", &*ana.id.to_string())];
        assert_eq!(browser.post("/chat/groups", &group).await.status, 303);
    }
    let left = other.id.to_string();
    let filled = form(&browser, &path_of(&ana), &[("campaign", &*left)]).await;
    assert_eq!(send(&browser, &path_of(&ana), &filled).await.status, 303);
    let groups: Vec<(crea::ids::CampaignId,)> = app
        .db
        .all(sql!(
            "select c.campaign_id from participant p join conversation c on c.id = p.conversation_id \
             where p.user_id = $1",
            ana.id
        ))
        .await
        .unwrap();
    assert_eq!(groups, [(other.id,)]);
});
