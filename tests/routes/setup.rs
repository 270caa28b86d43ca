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

one_db!(where_others_can_reach_it_only_who_sees_the_servers_output_sets_it_up, |app| {
    let open = app.instance_with(|config| config.public_url = "https://crea.example".to_owned()).await;
    let code = crea::features::access::setup_code(&open).expect("a code is asked for");
    assert_eq!(crea::features::access::setup_code(&app), None, "on this machine alone there is none");
    let browser = open.browser();
    assert!(browser.get("/setup").await.attrs("input[name=code]", "value").is_empty());
    let linked = browser.get(&format!("/setup?code={code}")).await;
    assert_eq!(linked.attrs("input[name=code]", "value"), std::slice::from_ref(&code));
    let with = |code: &str| {
        let mut form: Vec<(&str, String)> = FORM.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        form.push(("code", code.to_owned()));
        form
    };
    for wrong in ["", "00000-00000-00000-00000", &code[..11]] {
        let form = with(wrong);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.post("/setup", &form).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.texts(".field-error").join(" ").contains(t(Locale::Es, "setup.code.wrong")));
    }
    let form = with(&format!(" {} ", code.to_uppercase()));
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/setup", &form).await.location(), "/");
});
