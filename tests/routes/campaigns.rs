//! Administration of campaigns.

use crea::{
    auth::{Module, Role},
    ids::CampaignId,
    sql,
};

use crate::harness::{Answer, Client, TestApp, one_db};

async fn admin(app: &TestApp) -> Client {
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    app.sign_in(&zoe).await
}

async fn audit(app: &TestApp) -> Vec<String> {
    let rows: Vec<(String,)> =
        app.db.all(sql!("select action from audit_log where entity = 'campaign' order by at, id")).await.unwrap();
    rows.into_iter().map(|row| row.0).collect()
}

async fn version(app: &TestApp, id: CampaignId) -> String {
    let row: (i64,) = app.db.one(sql!("select version from campaign where id = $1", id)).await.unwrap();
    row.0.to_string()
}

async fn create(browser: &Client, code: &str) -> Answer {
    let form = [
        ("code", code),
        ("name", "Ventas Norte"),
        ("module", "telefonica"),
        ("time_zone", "america/mexico city"),
        ("currency", "MXN"),
    ];
    browser.post("/campaigns", &form).await
}

fn id_of(answer: &Answer) -> CampaignId {
    let path = answer.location();
    path.trim_start_matches("/campaigns/").split('/').next().unwrap().parse().unwrap()
}

one_db!(a_campaign_is_created_and_shown, |app| {
    let zoe = admin(&app).await;
    let answer = create(&zoe, "norte").await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let id = id_of(&answer);
    let page = zoe.get(&format!("/campaigns/{id}")).await;
    assert_eq!(page.attrs("#f-time_zone", "value"), ["America/Mexico_City"]);
    let list = zoe.get("/campaigns?q=nort&module=telefonica&state=active").await;
    assert!(list.text.contains("Ventas Norte"), "{}", list.text);
    assert!(!zoe.get("/campaigns?q=sur").await.text.contains("Ventas Norte"));
    assert_eq!(audit(&app).await, ["campaign.create"]);
});

one_db!(a_refused_form_keeps_what_was_typed, |app| {
    let zoe = admin(&app).await;
    create(&zoe, "norte").await;
    let taken = create(&zoe, "norte").await;
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("Otra campaña ya tiene este código"), "{}", taken.text);
    assert_eq!(taken.attrs("#f-name", "value"), ["Ventas Norte"]);
    let wrong = zoe.post("/campaigns", &[("code", "a b"), ("name", "Uno"), ("time_zone", "Macondo")]).await;
    assert_eq!((wrong.status.as_u16(), wrong.attrs("#f-code", "value")), (422, vec!["a b".to_owned()]));
    assert_eq!(wrong.attrs("#f-time_zone", "aria-invalid"), ["true"]);
    let other = id_of(&create(&zoe, "otra").await);
    let form = [
        ("version", "1"),
        ("code", "norte"),
        ("name", "Otra"),
        ("module", "core"),
        ("time_zone", "America/Bogota"),
        ("currency", "COP"),
    ];
    let taken = zoe.post(&format!("/campaigns/{other}"), &form).await;
    assert_eq!((taken.status.as_u16(), taken.attrs("#f-name", "value")), (422, vec!["Otra".to_owned()]));
});

one_db!(the_second_of_two_editors_is_told, |app| {
    let zoe = admin(&app).await;
    let id = id_of(&create(&zoe, "norte").await);
    let save = async |name: &str, version: &str| {
        let form = [
            ("version", version),
            ("code", "norte"),
            ("name", name),
            ("module", "core"),
            ("time_zone", "America/Bogota"),
            ("currency", "COP"),
        ];
        zoe.post(&format!("/campaigns/{id}"), &form).await.status.as_u16()
    };
    assert_eq!(save("Uno", "1").await, 303);
    assert_eq!(save("Dos", "1").await, 409);
    assert_eq!(save("Dos", "2").await, 303);
    let state = [("version", "2"), ("active", "0")];
    assert_eq!(zoe.post(&format!("/campaigns/{id}/state"), &state).await.status, 409);
    let hours = [("version", "2"), ("open1", "1"), ("from1", "08:00"), ("to1", "18:00")];
    assert_eq!(zoe.post(&format!("/campaigns/{id}/calendar"), &hours).await.status, 409);
    assert_eq!(audit(&app).await, ["campaign.create", "campaign.update", "campaign.update"], "refusals leave no trace");
});

one_db!(members_are_added_and_taken_out_in_bulk, |app| {
    let zoe = admin(&app).await;
    let id = id_of(&create(&zoe, "norte").await);
    let (ana, beto) = (app.user("ana").insert().await, app.user("beto").insert().await);
    let (a, b) = (ana.id.to_string(), beto.id.to_string());
    let members = format!("/campaigns/{id}/members");
    let answer = zoe.post(&members, &[("user", &a), ("user", &b), ("user", "nobody")]).await;
    assert_eq!(answer.location(), format!("{members}?added=2"));
    let hers = app.sign_in(&ana).await;
    assert!(hers.get("/").await.text.contains("Ventas Norte"), "the shell names it");
    let page = zoe.get(&format!("{members}?q=bet")).await;
    assert_eq!(page.attrs("#insiders input[name=user]", "value"), std::slice::from_ref(&b));
    let answer = zoe.post(&format!("{members}/removal"), &[("user", &a), ("user", &b)]).await;
    assert_eq!(answer.location(), format!("{members}?removed=2"));
    assert!(!hers.get("/").await.text.contains("Ventas Norte"), "gone with the next request");
    assert_eq!(audit(&app).await[1..], ["campaign.members.add", "campaign.members.remove"]);
});

one_db!(closing_a_campaign_takes_its_module_and_opening_gives_it_back, |app| {
    let zoe = admin(&app).await;
    let campaign = app.campaign(Module::Core).await;
    let ana = app.user("ana").campaign(&campaign).insert().await;
    let hers = app.sign_in(&ana).await;
    let path = format!("/campaigns/{}/state", campaign.id);
    assert!(hers.get("/").await.text.contains(&campaign.name));
    let form = [("active", "0"), ("version", &*version(&app, campaign.id).await)];
    assert_eq!(zoe.post(&path, &form).await.status, 303);
    assert!(!hers.get("/").await.text.contains(&campaign.name));
    assert_eq!(zoe.post(&path, &form).await.status, 303, "closing what is closed changes nothing");
    let form = [("active", "1"), ("version", &*version(&app, campaign.id).await)];
    assert_eq!(zoe.post(&path, &form).await.status, 303);
    assert!(hers.get("/").await.text.contains(&campaign.name));
    assert_eq!(audit(&app).await, ["campaign.close", "campaign.open"]);
});

one_db!(hours_and_holidays_are_checked_and_kept, |app| {
    let zoe = admin(&app).await;
    let campaign = app.campaign(Module::Core).await;
    let base = format!("/campaigns/{}", campaign.id);
    let page = zoe.get(&format!("{base}/calendar")).await;
    assert_eq!(page.attrs("input[name=open6][checked]", "value").len(), 1, "Saturday is open without a calendar");
    let v = version(&app, campaign.id).await;
    let wrong = [("version", &*v), ("open1", "1"), ("from1", "18:00"), ("to1", "08:00")];
    let answer = zoe.post(&format!("{base}/calendar"), &wrong).await;
    assert_eq!((answer.status.as_u16(), answer.attrs("input[name=from1]", "value")), (422, vec!["18:00".to_owned()]));
    assert_eq!(zoe.post(&format!("{base}/calendar"), &[("version", &v)]).await.status, 422, "no working day");
    let right = [("version", &*v), ("open1", "1"), ("from1", "22:00"), ("to1", "00:00")];
    assert_eq!(zoe.post(&format!("{base}/calendar"), &right).await.status, 303);
    let v = version(&app, campaign.id).await;
    let national = [("version", &*v), ("country", "co"), ("year", "2026")];
    let answer = zoe.post(&format!("{base}/holidays"), &national).await;
    assert_eq!(answer.location(), format!("{base}/calendar?added=18"));
    let v = version(&app, campaign.id).await;
    let taken = [("version", &*v), ("day", "2026-12-25"), ("name", "Fiesta")];
    let answer = zoe.post(&format!("{base}/holidays"), &taken).await;
    assert_eq!((answer.status.as_u16(), answer.attrs("#holiday-name", "value")), (422, vec!["Fiesta".to_owned()]));
    let own = [("version", &*v), ("day", "2026-12-31"), ("name", "Inventario")];
    assert_eq!(zoe.post(&format!("{base}/holidays"), &own).await.status, 303);
    let v = version(&app, campaign.id).await;
    let gone = [("version", &*v), ("day", "2026-12-31"), ("day", "2026-01-01")];
    assert_eq!(zoe.post(&format!("{base}/holidays/removal"), &gone).await.status, 303);
    let page = zoe.get(&format!("{base}/calendar")).await;
    assert_eq!(page.attrs("#holidays input[name=day]", "value").len(), 17);
    assert!(page.text.contains("Navidad"), "{}", page.text);
    assert!(!page.text.contains("Inventario"), "{}", page.text);
    assert_eq!(page.attrs("input[name=open6][checked]", "value").len(), 0);
});

one_db!(others_than_administrators_see_no_campaigns, |app| {
    let luz = app.user("luz").role(Role::Supervisor).insert().await;
    let hers = app.sign_in(&luz).await;
    assert_eq!(hers.get("/campaigns").await.status, 403);
    assert_eq!(create(&hers, "norte").await.status, 403);
});
