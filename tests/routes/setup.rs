//! The first-run set-up.

use crea::sql;
use views::text::{Locale, t};

use crate::harness::{both_dbs, one_db};

const FORM: [(&str, &str); 5] = [
    ("first_name", "Ana"),
    ("last_name", "Ruiz"),
    ("email", "ana@crea.example"),
    ("password", "correct horse battery"),
    ("password_again", "correct horse battery"),
];

both_dbs!(an_empty_database_asks_for_its_administrator_and_never_again, |app| {
    let browser = app.browser();
    assert_eq!(browser.get("/").await.location(), "/sign-in");
    assert_eq!(browser.get("/sign-in").await.location(), "/setup");
    assert_eq!(browser.get("/setup").await.status, 200);
    assert_eq!(browser.post("/setup", &FORM).await.location(), "/");
    assert_eq!(browser.get("/").await.status, 200, "and is signed in");
    let other = app.browser();
    assert_eq!(other.get("/setup").await.status, 404);
    assert_eq!(other.post("/setup", &FORM).await.status, 404);
    assert_eq!(other.get("/sign-in").await.status, 200);
    let actions: Vec<(String,)> = app.db.all(sql!("select action from audit_log order by at, id")).await.unwrap();
    assert_eq!(actions.iter().map(|a| &*a.0).collect::<Vec<_>>(), ["user.create", "session.start"]);
});

one_db!(a_form_with_errors_is_shown_again_filled_and_makes_nobody, |app| {
    for (field, value, key) in [
        ("first_name", " ", "field.required"),
        ("last_name", "", "field.required"),
        ("email", "ana", "field.email"),
        ("password", "short", "password.too_short"),
        ("password_again", "another phrase", "password.mismatch"),
    ] {
        let form = FORM.map(|(name, old)| (name, if name == field { value } else { old }));
        let answer = app.browser().post("/setup", &form).await;
        assert_eq!(answer.status, 422, "{field}");
        assert!(answer.texts(".field-error").join(" ").contains(t(Locale::Es, key)), "{field}: {}", answer.text);
        if field != "email" {
            assert_eq!(answer.attrs("input[name=email]", "value"), ["ana@crea.example"]);
        }
        assert!(!answer.text.contains("correct horse"), "no password is repeated");
    }
    let (people,): (i64,) = app.db.one(sql!("select count(*) from app_user")).await.unwrap();
    assert_eq!(people, 0);
    assert_eq!(app.browser().post("/setup", &FORM).await.status, 303);
});
