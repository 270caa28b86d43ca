//! Files of tickets: who brings, sends and opens them.

use uuid::Uuid;

use super::desk;
use crate::harness::{both_dbs, files};

both_dbs!(a_ticket_has_files_that_its_readers_open_and_nobody_else, |app| {
    let desk = desk(&app).await;
    let key = Uuid::now_v7().to_string();
    let (ana, to) = (&desk.ana.1, format!("/tickets/{key}/files"));
    let papers = [("foto.png", files::png(8, 8)), ("acta.pdf", files::PDF.to_vec()), ("otra.pdf", files::PDF.to_vec())];
    let mut ids = Vec::new();
    for (name, content) in &papers {
        ids.push(files::id_of(&files::bring_to(ana, &to, name, content).await));
    }
    let exe = files::bring_to(ana, &to, "acta.pdf", b"MZ\x90\x00 not a paper").await;
    assert_eq!(exe.status, 422, "told by its content");
    let address = |id: &str| format!("/tickets/files/{id}");
    assert_eq!(desk.luz.1.get(&address(&ids[0])).await.status, 404, "it is not sent yet");
    let path = desk.open(&[("key", &key), ("files", &ids.join(","))]).await;
    let (holder, other) = desk.holder(&app, &path).await;
    assert_eq!(ana.get(&path).await.count(".files > li"), 3);
    for (client, status) in [(ana, 200), (&holder.1, 200), (&desk.luz.1, 200), (&other.1, 404)] {
        assert_eq!(client.get(&address(&ids[1])).await.status, status);
    }
    // What hangs on a note is for who reads the note.
    let paper = files::id_of(&files::bring_to(&holder.1, &format!("{path}/files"), "contrato.pdf", files::PDF).await);
    let (id, id_of_other) = (Uuid::now_v7().to_string(), Uuid::now_v7().to_string());
    let note = [("id", &*id), ("body", "Vea el contrato"), ("note", "1"), ("files", &*paper)];
    assert_eq!(holder.1.post(&format!("{path}/comments"), &note).await.status, 303);
    assert_eq!(desk.luz.1.get(&address(&paper)).await.status, 200);
    assert_eq!(ana.get(&address(&paper)).await.status, 404);
    // A file that is gone refuses the whole comment, and what was typed stays.
    let again = [("id", &*id_of_other), ("body", "Otra vez el contrato"), ("files", &*paper)];
    let refused = holder.1.post(&format!("{path}/comments"), &again).await;
    assert!(refused.status == 422 && refused.text.contains("Otra vez el contrato"));
    assert_eq!(files::bring_to(&other.1, &format!("{path}/files"), "x.pdf", files::PDF).await.status, 404);
    let many: Vec<String> = (0..6).map(|_| Uuid::now_v7().to_string()).collect();
    let refused = desk.send(ana, &[("files", &many.join(","))]).await;
    assert_eq!((refused.status.as_u16(), refused.count("input[name=title]")), (422, 1));
});

both_dbs!(without_scripts_a_file_that_is_refused_leaves_what_was_typed, |app| {
    let desk = desk(&app).await;
    let path = desk.open(&[]).await;
    let (ana, to) = (&desk.ana.1, format!("{path}/files"));
    let refused = files::bring_plain_to(ana, &to, "Va la pantalla", "acta.pdf", b"MZ\x90\x00 not a paper").await;
    assert!(refused.status == 422 && refused.text.contains("Va la pantalla"), "{}", refused.text);
    let taken = files::bring_plain_to(ana, &to, "Va la pantalla", "acta.pdf", files::PDF).await;
    assert!(taken.status == 200 && taken.text.contains("Va la pantalla") && taken.count("[data-file]") == 1);
    let removal = format!("/tickets/files/{}/removal", files::id_of(&taken));
    let without = ana.post(&removal, &[("body", "Va la pantalla")]).await;
    assert!(without.status == 200 && without.text.contains("Va la pantalla") && without.count("[data-file]") == 0);
    // The same for one that is being written, whose form has more than one field.
    let fresh = Uuid::now_v7();
    let taken = files::bring_plain_to(ana, &format!("/tickets/{fresh}/files"), "", "acta.pdf", files::PDF).await;
    let removal = format!("/tickets/files/{}/removal", files::id_of(&taken));
    let form = [("title", "No abre"), ("description", "Desde ayer"), ("application", "VICIDIAL"), ("priority", "CR")];
    let without = ana.post(&removal, &form).await;
    assert!(without.status == 200 && without.text.contains("Desde ayer") && without.count("[data-file]") == 0);
    assert_eq!(without.attrs("#f-priority option[selected]", "value"), ["CR"]);
});
