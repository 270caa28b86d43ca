//! Links that administrators give: shown once, or mailed.

use crea::auth::Role;

use super::users::{form, send};
use crate::harness::{Answer, PASSWORD, User, both_dbs, smtp::Smtp};

fn path_of(user: &User) -> String {
    format!("/people/{}", user.id)
}

/// The path of a link that the page shows once.
fn shown_link(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.attrs("#link-once", "value")[0].trim_start_matches("http://127.0.0.1:8080").to_owned()
}

both_dbs!(a_required_new_password_ends_the_old_one_and_shows_a_link_once, |app| {
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let (ana, eva) = (app.user("ana").insert().await, app.user("eva").inactive().insert().await);
    let root = app.user("root").superuser().insert().await;
    let (browser, hers) = (app.sign_in(&adela).await, app.sign_in(&ana).await);
    let reset = |user: &User| format!("{}/reset", path_of(user));
    for (user, status) in [(&eva, 409), (&adela, 409), (&root, 403)] {
        assert_eq!(browser.post(&reset(user), &[]).await.status, status, "{}", user.name);
    }
    assert_eq!(hers.post(&reset(&adela), &[]).await.status, 403);
    let link = shown_link(&browser.post(&reset(&ana), &[]).await);
    assert_eq!(hers.get("/").await.location(), "/sign-in");
    let sign_in = [("login", &*ana.email), ("password", PASSWORD)];
    assert_eq!(app.browser().post("/sign-in", &sign_in).await.status, 422, "the former password is no use");
    let page = browser.get(&path_of(&ana)).await;
    assert!(page.attrs("#link-once", "value").is_empty() && !page.text.contains(&link), "not shown again");
    assert!(page.texts(".timeline strong").contains(&"Exigió una contraseña nueva".to_owned()));
    let word = [("password", "cuatro palabras sin prisa"), ("password_again", "cuatro palabras sin prisa")];
    assert_eq!(app.browser().post(&link, &word).await.location(), "/sign-in?done=reset");
    assert_eq!(app.browser().post("/sign-in", &[("login", &*ana.email), word[0]]).await.status, 303);
});

both_dbs!(links_are_mailed_where_mail_can_be_sent, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let adela = app.user("adela").role(Role::Administrador).insert().await;
    let (browser, ana) = (app.sign_in(&adela).await, app.user("ana").insert().await);
    assert!(browser.get("/people/new").await.text.contains("Recibirá por correo"));
    let data = [("first_name", "Eva"), ("last_name", "Ríos"), ("email", "eva@crea.example"), ("role", "asesor")];
    let path = browser.post("/people", &data).await.location().to_owned();
    assert!(path.ends_with("?done=invited"), "{path}");
    assert!(browser.get(&path).await.texts(".notice").join(" ").contains("Enviamos por correo"));
    let (id, _) = path.split_once('?').unwrap();
    let again = browser.post(&format!("{id}/invitation"), &[]).await;
    assert_eq!(again.location(), path, "and again");
    let reset = browser.post(&format!("{}/reset", path_of(&ana)), &[]).await;
    assert_eq!(reset.location(), format!("{}?done=reset", path_of(&ana)));
    crea::mail::run_once(&app).await.unwrap();
    let links = |to: &str, start: &str| {
        let kept = server.kept();
        kept.iter().filter(|m| m.to == [to]).map(|m| m.link(start)).collect::<Vec<_>>()
    };
    let invitations = links("eva@crea.example", "/invitation/");
    let mut opens = Vec::new();
    for link in &invitations {
        opens.push(app.browser().get(link).await.status.as_u16());
    }
    opens.sort_unstable();
    assert_eq!(opens, [200, 404], "the newer one counts");
    let right = form(&browser, id, &[("email", "eva.rios@crea.example")]).await;
    assert_eq!(send(&browser, id, &right).await.location(), format!("{id}?done=saved"));
    crea::mail::run_once(&app).await.unwrap();
    for link in &invitations {
        assert_eq!(app.browser().get(link).await.status, 404, "what went to the wrong address is over");
    }
    let [link] = &*links("eva.rios@crea.example", "/invitation/") else { panic!("one link to the right address") };
    assert_eq!(app.browser().get(link).await.status, 200);
    let [link] = &*links(&ana.email, "/reset/") else { panic!("one mail") };
    assert_eq!(app.browser().get(link).await.status, 200);
});
