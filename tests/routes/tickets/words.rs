//! Subject and description written anew: by whom, over whom, and what the history keeps.

use crea::sql;

use super::{desk, say, step};
use crate::harness::{Answer, Client, both_dbs};

async fn reword(client: &Client, path: &str, version: &str, title: &str, description: &str) -> Answer {
    let form = [("version", version), ("title", title), ("description", description)];
    client.post(&format!("{path}/words"), &form).await
}

async fn seen(client: &Client, path: &str) -> String {
    client.get(&format!("{path}/words")).await.attrs("input[name=version]", "value").pop().expect("a form")
}

both_dbs!(the_requester_writes_it_anew_until_the_first_answer, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, other) = desk.holder(&app, &path).await;
    let version = seen(&desk.ana.1, &path).await;
    let done =
        reword(&desk.ana.1, &path, &version, " No abre\nla cartera <b>ni</b> clientes ", "Desde ayer.\n\nEn todas.")
            .await;
    assert_eq!((done.status.as_u16(), done.location()), (303, path.as_str()));
    let page = desk.luz.1.get(&path).await;
    assert!(page.texts("h1")[0].contains("No abre la cartera <b>ni</b> clientes"), "{:?}", page.texts("h1"));
    assert!(page.texts(".ticket-description .entry-body")[0].contains("Desde ayer.\n\nEn todas."));
    let told: Vec<(String, String, String)> = app
        .db
        .all(sql!("select field, old_value, new_value from ticket_entry where field in ('title', 'description') order by number"))
        .await
        .unwrap();
    let told: Vec<[&str; 3]> = told.iter().map(|(field, old, new)| [field.as_str(), old, new]).collect();
    let description = ["description", "Desde las ocho, en la pantalla de clientes.", "Desde ayer.\n\nEn todas."];
    assert_eq!(told, [["title", "No abre la cartera", "No abre la cartera <b>ni</b> clientes"], description]);
    assert_eq!(reword(&desk.ana.1, &path, "1", "", "x").await.status, 422);
    assert_eq!(say(&holder.1, &path, "Ya lo reviso", "").await.status, 303);
    let edit = format!("{path}/words");
    assert_eq!(desk.ana.1.get(&edit).await.status, 403, "it is answered");
    assert_eq!(reword(&desk.ana.1, &path, "2", "a", "b").await.status, 403);
    assert_eq!((holder.1.get(&edit).await.status.as_u16(), other.1.get(&edit).await.status.as_u16()), (200, 404));
    assert_eq!(step(&desk.luz.1, &path, "CE", "Repetido").await.status, 303);
    assert_eq!(reword(&desk.luz.1, &path, "2", "a", "b").await.status, 403, "nobody changes what is closed");
});

both_dbs!(who_writes_over_somebody_sees_both_and_loses_nothing, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (holder, _) = desk.holder(&app, &path).await;
    let (hers, his) = (seen(&desk.luz.1, &path).await, seen(&holder.1, &path).await);
    // What is no change of the words is in nobody's way.
    assert_eq!(step(&holder.1, &path, "EP", "").await.status, 303);
    assert_eq!(reword(&holder.1, &path, &his, "Asunto de él", "Su texto").await.status, 303);
    let refused = reword(&desk.luz.1, &path, &hers, "Asunto de ella", "Otro texto").await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.texts(".plain-table td"), ["Asunto de él", "Asunto de ella", "Su texto", "Otro texto"]);
    assert_eq!(refused.attrs("input[name=title]", "value"), ["Asunto de ella"]);
    assert!(refused.texts("textarea[name=description]")[0].contains("Otro texto"), "what was typed is there");
    let next = refused.attrs("input[name=version]", "value").pop().unwrap();
    assert_eq!(
        reword(&desk.luz.1, &path, &next, "Asunto de ella", "Otro texto").await.status,
        303,
        "over what was seen"
    );
    let (title,): (String,) = app.db.one(sql!("select title from ticket")).await.unwrap();
    assert_eq!(title, "Asunto de ella");
    // The same twice is no conflict.
    assert_eq!(reword(&holder.1, &path, &his, "Asunto de ella", "Otro texto").await.status, 303);
});
