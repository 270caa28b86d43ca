//! Canned answers: who keeps them, who says them, and that nothing typed is lost on the way.

use crea::{auth::Role, sql};
use uuid::Uuid;

use super::{desk, somebody};
use crate::harness::{Answer, Client, TestApp, both_dbs};

async fn keep(client: &Client, path: &str, application: &str, name: &str, body: &str, version: &str) -> Answer {
    let form = [("application", application), ("name", name), ("body", body), ("version", version)];
    client.post(path, &form).await
}

async fn id_of(app: &TestApp, name: &str) -> String {
    let (id,): (Uuid,) = app.db.one(sql!("select id from ticket_macro where name = $1", name)).await.unwrap();
    id.to_string()
}

const LIST: &str = "/tickets/macros";

both_dbs!(who_steers_keeps_canned_answers, |app| {
    let desk = desk(&app).await;
    let zoe = somebody(&app, "zoe", Role::Administrador, &desk.campaign).await;
    for client in [&desk.ana.1, &desk.sol.1] {
        assert_eq!(client.get(LIST).await.status, 403);
        assert_eq!(keep(client, LIST, "", "x", "y", "0").await.status, 403);
    }
    let refused = keep(&desk.luz.1, LIST, "NADA", "", "", "0").await;
    assert_eq!((refused.status.as_u16(), refused.count(".field-error[id]")), (422, 3));
    assert_eq!(keep(&desk.luz.1, LIST, "CARTERA", "Saludo <b>", "Hola {solicitante}", "0").await.status, 303);
    assert_eq!(keep(&zoe.1, LIST, "", "Cierre", "Quedó {ticket}", "0").await.status, 303);
    assert_eq!(desk.luz.1.get(LIST).await.texts(".macro-name a"), ["Cierre", "Saludo <b>"]);
    let one = format!("{LIST}/{}", id_of(&app, "Cierre").await);
    let seen = desk.luz.1.get(&one).await.attrs("input[name=version]", "value").pop().unwrap();
    assert_eq!(keep(&zoe.1, &one, "", "Cierre", "Ya quedó {ticket}", &seen).await.status, 303);
    let refused = keep(&desk.luz.1, &one, "", "Cierre", "Listo {ticket}", &seen).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.texts(".plain-table td"), ["Ya quedó {ticket}", "Listo {ticket}"]);
    assert!(refused.texts("textarea")[0].contains("Listo {ticket}"), "what was typed is there");
    let state = format!("{one}/state");
    assert_eq!(desk.luz.1.post(&state, &[("active", "0")]).await.status, 303);
    assert_eq!(desk.luz.1.get(LIST).await.texts(".macro-row .tag"), ["Retirada"]);
    assert_eq!(desk.luz.1.get(&format!("{LIST}/{}", Uuid::now_v7())).await.status, 404);
    let (count,): (i64,) =
        app.db.one(sql!("select count(*) from audit_log where entity = 'ticket_macro'")).await.unwrap();
    assert_eq!(count, 4, "what was kept, changed and retired");
});

both_dbs!(an_answer_is_filled_for_the_ticket_and_goes_after_what_was_typed, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    keep(&desk.luz.1, LIST, "CARTERA", "Saludo", "Hola {solicitante}, su ticket {ticket} {otro}. {agente}", "0").await;
    keep(&desk.luz.1, LIST, "VICIDIAL", "Otro aplicativo", "x", "0").await;
    let page = holder.1.get(&path).await;
    assert_eq!(page.texts("button[data-macro]"), ["Saludo"]);
    assert_eq!(desk.ana.1.get(&path).await.count("button[data-macro]"), 0, "who asks answers nobody");
    let id = id_of(&app, "Saludo").await;
    let (insert, chosen) = (format!("{path}/macro"), [("macro", &*id), ("body", "Buenos días."), ("note", "1")]);
    let expected = format!("Hola {}, su ticket #1 {{otro}}. {}", desk.ana.0.name, holder.0.name);
    assert_eq!(holder.1.post_htmx(&insert, &chosen).await.text, expected, "alone for a script");
    let page = holder.1.post(&insert, &chosen).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.texts("textarea[name=body]"), [format!("Buenos días.\n{expected}")]);
    assert_eq!(page.attrs("input[name=note][checked]", "value"), ["1"], "a note stays one");
    assert_eq!(desk.ana.1.post(&insert, &chosen).await.status, 403);
    desk.luz.1.post(&format!("{LIST}/{id}/state"), &[("active", "0")]).await;
    assert_eq!(holder.1.post(&insert, &chosen).await.status, 404, "it is retired");
    assert_eq!(holder.1.get(&path).await.count("button[data-macro]"), 0);
});
