//! The audit log's page and export, and the page of settings.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use crea::{auth::Role, features::settings, sql};

use crate::harness::{Client, TestApp, one_db};

async fn admin(app: &TestApp) -> Client {
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    app.sign_in(&zoe).await
}

one_db!(what_was_done_is_read_in_words_and_found_by_filters, |app| {
    let zoe = admin(&app).await;
    zoe.post("/settings", &[("version", "0"), ("retention_months", "24"), ("totp_role", "calidad")]).await;
    let page = zoe.get("/audit").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Cambió los ajustes") && page.text.contains("Zoe Ruiz"), "{}", page.text);
    assert!(page.text.contains("retention_months"), "the difference is there");
    let found = async |query: &str| zoe.get(&format!("/audit?{query}")).await.attrs("tbody tr", "id").len();
    assert_eq!(found("action=setting.update").await, 1);
    assert_eq!(found("action=setting.update&who=nobody").await, 0);
    assert_eq!(found("who=zoe&from=2026-11-22&to=2026-11-22&entity=setting").await, 1);
    assert_eq!(found("action=setting.update&from=2026-11-23").await, 0);
    assert_eq!(found("action=setting.update&to=2026-11-21").await, 0);
    assert_eq!(found("from=never&id=none&after=x.y&action=setting.update").await, 1, "nonsense is no filter");
});

one_db!(the_export_holds_what_is_filtered_and_is_an_entry_itself, |app| {
    let zoe = admin(&app).await;
    zoe.post("/settings", &[("version", "0"), ("retention_months", "24")]).await;
    let answer = zoe.get("/audit/export?action=setting.update").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"auditoria-2026-11-22.xlsx\""));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes)).unwrap();
    let sheet = book.worksheet_range("Auditoría").unwrap();
    assert_eq!(sheet.height(), 2, "a title and one entry");
    assert_eq!(sheet.get((1, 4)), Some(&Data::String("setting.update".into())));
    let rows: Vec<(serde_json::Value,)> =
        app.db.all(sql!("select after from audit_log where action = 'audit.export'")).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].0["filters"]["action"], "setting.update");
    assert_eq!(rows[0].0["rows"], 1);
});

one_db!(settings_hold_at_once_and_are_refused_beside_their_field, |app| {
    let zoe = admin(&app).await;
    let wrong = zoe.post("/settings", &[("retention_months", "0"), ("totp_role", "asesor")]).await;
    assert_eq!((wrong.status.as_u16(), wrong.attrs("#f-retention_months", "value")), (422, vec!["0".to_owned()]));
    assert_eq!(wrong.attrs("input[name=totp_role][checked]", "value"), ["asesor"], "what was ticked stays");
    let form = [("version", "0"), ("retention_months", "6"), ("totp_role", "calidad"), ("totp_role", "root")];
    assert_eq!(zoe.post("/settings", &form).await.status, 303);
    let read = settings::read(&app.db).await.unwrap();
    assert_eq!((read.retention_months, read.totp_roles), (6, vec![Role::Calidad]));
    assert_eq!(zoe.post("/settings", &form).await.status, 409, "drawn before the other change");
    let page = zoe.get("/settings?saved=1").await;
    assert_eq!(page.attrs("#f-retention_months", "value"), ["6"]);
});

one_db!(others_than_administrators_read_neither, |app| {
    let luz = app.user("luz").role(Role::Supervisor).insert().await;
    let hers = app.sign_in(&luz).await;
    for path in ["/audit", "/audit/export", "/settings"] {
        assert_eq!(hers.get(path).await.status, 403, "{path}");
    }
});
