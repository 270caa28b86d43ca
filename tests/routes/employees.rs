//! Administration of employees.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use crea::{
    auth::{Module, Role},
    features::employees,
    sql,
};
use serde_json::Value;

use crate::harness::{Answer, Client, TestApp, both_dbs, one_db};

async fn admin(app: &TestApp) -> Client {
    let zoe = app.user("zoe").role(Role::Administrador).insert().await;
    app.sign_in(&zoe).await
}

/// A form with what is required, and `more` over it.
async fn send(browser: &Client, path: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("document", "1020304050"),
        ("first_name", "Ana"),
        ("last_name", "Peña"),
        ("sex", "2"),
        ("started_on", "2025-02-03"),
        ("currency", "COP"),
    ];
    form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    form.extend(more);
    browser.post(path, &form).await
}

/// The address of who was just created.
async fn create(browser: &Client, more: &[(&str, &str)]) -> String {
    let answer = send(browser, "/employees", more).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.location().trim_end_matches("?saved=1").to_owned()
}

async fn audit(app: &TestApp) -> Vec<(String, Value, Value)> {
    let rows: Vec<(String, sqlx::types::Json<Value>, sqlx::types::Json<Value>)> = app
        .db
        .all(sql!("select action, before, after from audit_log where entity = 'employee' order by at, id"))
        .await
        .unwrap();
    rows.into_iter().map(|(action, before, after)| (action, before.0, after.0)).collect()
}

both_dbs!(an_employee_is_created_shown_and_found, |app| {
    let zoe = admin(&app).await;
    let (core, other) = (app.campaign(Module::Core).await, app.campaign(Module::Telefonica).await);
    let luz = app.user("luz").role(Role::Supervisor).insert().await;
    let (campaign, supervisor) = (core.id.to_string(), luz.id.to_string());
    let fields = [
        ("campaign", &*campaign),
        ("supervisor", &*supervisor),
        ("profession", "Economista"),
        ("email", "ana@casa.example"),
        ("phone", "300 123 4567"),
        ("salary", "2.500.000,50"),
    ];
    let path = create(&zoe, &fields).await;
    let page = zoe.get(&path).await;
    for (field, value) in [("document", "1020304050"), ("started_on", "2025-02-03"), ("salary", "$ 2.500.000,50")] {
        assert_eq!(page.attrs(&format!("#f-{field}"), "value"), [value], "{field}");
    }
    assert_eq!(page.attrs("#f-campaign option[selected]", "value"), std::slice::from_ref(&campaign));
    assert_eq!(page.attrs("#f-supervisor option[selected]", "value"), [supervisor]);
    for query in ["", "?q=pena", "?q=10203", "?state=activo", &format!("?campaign={campaign}&q=an")] {
        assert!(zoe.get(&format!("/employees{query}")).await.text.contains(&path), "{query}");
    }
    for query in ["?q=eña", "?q=0304", "?state=inactivo", &format!("?campaign={}", other.id)] {
        assert!(!zoe.get(&format!("/employees{query}")).await.text.contains(&path), "{query}");
    }
});

one_db!(a_salary_is_sealed_and_its_value_is_in_no_log, |app| {
    let zoe = admin(&app).await;
    let path = create(&zoe, &[("salary", "2500000")]).await;
    let sealed = async || app.db.one::<(String,)>(sql!("select salary_sealed from employee")).await.unwrap().0;
    let first = sealed().await;
    assert!(first.starts_with("v1.") && !first.contains("2500000"), "{first}");
    assert!(!zoe.get("/employees").await.text.contains("2.500.000"), "no list shows it");
    assert_eq!(send(&zoe, &path, &[("version", "1"), ("salary", "$ 2.500.000"), ("phone", "1")]).await.status, 303);
    assert_eq!(sealed().await, first, "the same amount is left as it was");
    assert_eq!(send(&zoe, &path, &[("version", "2"), ("salary", "2600000"), ("phone", "1")]).await.status, 303);
    let entries = audit(&app).await;
    let marks: Vec<_> = entries.iter().map(|(_, _, after)| after.get("salary").and_then(Value::as_str)).collect();
    assert_eq!(marks, [Some("***"), None, Some("***")]);
    assert!(!format!("{entries:?}").contains("600000"));
    let other = sql!("update employee set salary_sealed = 'v1.00'");
    app.db.exec(other).await.unwrap();
    let page = zoe.get(&path).await;
    assert!(page.text.contains("ya no se puede leer"), "{}", page.text);
    assert_eq!(send(&zoe, &path, &[("version", "3")]).await.status, 303);
    assert_eq!(sealed().await, "v1.00", "what nobody can read is not lost by saving");
});

both_dbs!(a_refused_form_keeps_what_was_typed, |app| {
    let zoe = admin(&app).await;
    create(&zoe, &[]).await;
    let taken = send(&zoe, "/employees", &[("first_name", "Beto")]).await;
    assert_eq!((taken.status.as_u16(), taken.attrs("#f-first_name", "value")), (422, vec!["Beto".to_owned()]));
    assert!(taken.text.contains("Otro empleado ya tiene este documento"), "{}", taken.text);
    let other = create(&zoe, &[("document", "77")]).await;
    let taken = send(&zoe, &other, &[("version", "1"), ("last_name", "Mora")]).await;
    assert_eq!((taken.status.as_u16(), taken.attrs("#f-last_name", "value")), (422, vec!["Mora".to_owned()]));
    let wrong = [("document", "8"), ("salary", "mucho"), ("end_reason", "periodo_prueba"), ("email", "ana")];
    let wrong = send(&zoe, "/employees", &wrong).await;
    assert_eq!((wrong.status.as_u16(), wrong.attrs("#f-salary", "value")), (422, vec!["mucho".to_owned()]));
    for field in ["salary", "ended_on", "email"] {
        assert_eq!(wrong.attrs(&format!("#f-{field}"), "aria-invalid"), ["true"], "{field}");
    }
    assert_eq!(wrong.attrs("#f-end_reason option[selected]", "value"), ["periodo_prueba"]);
});

one_db!(the_second_of_two_editors_sees_both, |app| {
    let zoe = admin(&app).await;
    let path = create(&zoe, &[]).await;
    assert_eq!(send(&zoe, &path, &[("version", "1"), ("last_name", "Mora")]).await.status, 303);
    let late = send(&zoe, &path, &[("version", "1"), ("last_name", "Rojas")]).await;
    assert_eq!((late.status.as_u16(), late.attrs("#f-last_name", "value")), (409, vec!["Rojas".to_owned()]));
    assert!(late.text.contains("<td>Mora</td><td>Rojas</td>"), "{}", late.text);
    let version = late.attrs("input[name=version]", "value").remove(0);
    assert_eq!(send(&zoe, &path, &[("version", &version), ("last_name", "Rojas")]).await.status, 303);
    let actions: Vec<_> = audit(&app).await.into_iter().map(|(action, ..)| action).collect();
    assert_eq!(actions, ["employee.create", "employee.update", "employee.update"], "a refusal leaves no trace");
});

one_db!(who_does_not_administer_sees_nobody, |app| {
    let zoe = admin(&app).await;
    let path = create(&zoe, &[("salary", "2500000")]).await;
    for role in [Role::Asesor, Role::Backoffice, Role::Supervisor, Role::Calidad] {
        let user = app.user("one").role(role).insert().await;
        let browser = app.sign_in(&user).await;
        for path in ["/employees", "/employees/new", &path] {
            assert_eq!(browser.get(path).await.status, 403, "{path} as {role:?}");
        }
        assert_eq!(send(&browser, &path, &[("version", "1")]).await.status, 403);
        assert_eq!(send(&browser, "/employees", &[("document", "9")]).await.status, 403);
    }
    assert_eq!(zoe.get(&format!("/employees/{}", uuid::Uuid::now_v7())).await.status, 404);
});

both_dbs!(the_list_takes_a_fixed_number_of_statements, |app| {
    let zoe = admin(&app).await;
    create(&zoe, &[]).await;
    let before = zoe.get("/employees?q=a").await.statements;
    for n in 2..20 {
        create(&zoe, &[("document", &n.to_string())]).await;
    }
    let page = zoe.get("/employees?q=a").await;
    assert_eq!(page.statements, before);
    println!("/employees: {before} statements");
    assert_eq!(page.attrs("tbody tr", "id").len(), 15);
    assert_eq!(zoe.get("/employees?q=a&page=2").await.attrs("tbody tr", "id").len(), 4);
});

both_dbs!(what_is_filtered_is_exported_and_that_is_noted, |app| {
    let zoe = admin(&app).await;
    create(&zoe, &[("salary", "2.500.000"), ("phone", "=1+1")]).await;
    create(&zoe, &[("document", "77"), ("first_name", "Beto")]).await;
    let page = zoe.get("/employees?q=ana").await;
    let link = page.attrs(".page-actions a[download]", "href").remove(0);
    assert_eq!(link, "/employees/export?q=ana");
    let answer = zoe.get(&link).await;
    assert!(answer.header("content-disposition").contains("empleados-2026-11-22.xlsx"), "{:?}", answer.headers);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes)).unwrap();
    let range = book.worksheet_range("Empleados").unwrap();
    let rows: Vec<_> = range.rows().collect();
    assert_eq!((rows.len(), &rows[1][0]), (2, &Data::String("1020304050".to_owned())));
    assert_eq!((&rows[1][4], &rows[1][9]), (&Data::String("'=1+1".to_owned()), &Data::Float(2_500_000.0)));
    let (action, _, after) = audit(&app).await.pop().unwrap();
    assert_eq!((&*action, after), ("employee.export", serde_json::json!({ "rows": 1, "filters": { "q": "ana" } })));
});

both_dbs!(a_last_day_that_is_here_closes_the_account_at_once, |app| {
    let zoe = admin(&app).await;
    let ana = app.user("ana").document("1020304050").insert().await;
    let hers = app.sign_in(&ana).await;
    let is_active = async || {
        let row: (bool,) = app.db.one(sql!("select is_active from app_user where id = $1", ana.id)).await.unwrap();
        row.0
    };
    let path = create(&zoe, &[]).await;
    assert!(zoe.get(&path).await.text.contains(&format!("/people/{}", ana.id)), "the account of the same document");
    let later = [("version", "1"), ("ended_on", "2026-11-23"), ("end_reason", "retiro_voluntario")];
    assert_eq!(send(&zoe, &path, &later).await.status, 303);
    assert!(is_active().await && hers.get("/").await.status == 200, "tomorrow is not today");
    let today = [("version", "2"), ("ended_on", "2026-11-22"), ("end_reason", "retiro_voluntario")];
    assert_eq!(send(&zoe, &path, &today).await.status, 303);
    assert!(!is_active().await && hers.get("/").await.location().starts_with("/sign-in"));
    assert!(zoe.get("/employees?state=inactivo").await.text.contains(&path));
    let open = sql!("update app_user set is_active = true where id = $1", ana.id);
    app.db.exec(open).await.unwrap();
    let phone = [("version", "3"), ("ended_on", "2026-11-22"), ("end_reason", "retiro_voluntario"), ("phone", "1")];
    assert_eq!(send(&zoe, &path, &phone).await.status, 303);
    assert!(is_active().await, "who was let in again stays in");
});

both_dbs!(nobody_is_dismissed_whom_one_may_not_deactivate, |app| {
    let zoe = app.user("zoe").role(Role::Administrador).document("1").insert().await;
    let root = app.user("root").role(Role::Administrador).superuser().document("2").insert().await;
    let (hers, roots) = (app.sign_in(&zoe).await, app.sign_in(&root).await);
    let refused = async |browser: &Client, document: &str| {
        let fields = [("document", document), ("ended_on", "2026-12-24"), ("end_reason", "retiro_voluntario")];
        let answer = send(browser, "/employees", &fields).await;
        assert_eq!(answer.attrs("#f-document", "value"), [document], "{}", answer.text);
        assert_eq!(answer.attrs("#f-ended_on", "aria-invalid"), ["true"]);
        answer.status.as_u16()
    };
    assert_eq!(refused(&hers, "1").await, 422, "not oneself");
    assert_eq!(refused(&hers, "2").await, 422, "not a superuser, on no day to come either");
    assert_eq!(refused(&roots, "2").await, 422);
    let fields = [("document", "2")];
    let path = create(&hers, &fields).await;
    let last = sql!("update employee set ended_on = '2026-11-01', end_reason = 'retiro_voluntario'");
    app.db.exec(last).await.unwrap();
    let gone = sql!("update app_user set is_active = false where id = $1", zoe.id);
    app.db.exec(gone).await.unwrap();
    assert_eq!(employees::dismiss_departed(&app).await.unwrap(), Some(0), "the last administrator stays");
    assert_eq!(roots.get(&path).await.status, 200);
    let back = sql!("update app_user set is_active = true where id = $1", zoe.id);
    app.db.exec(back).await.unwrap();
    app.clock.advance(chrono::Duration::days(1));
    assert_eq!(employees::dismiss_departed(&app).await.unwrap(), Some(1), "until there is another");
});
