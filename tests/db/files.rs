//! Files of any feature, as tickets use them: what may be brought, who takes what waits, what is deleted.

use axum::{
    body::to_bytes,
    extract::DefaultBodyLimit,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use chrono::Duration;
use crea::{
    error::{AppError, AppResult},
    features::files::{self, StoredFile, TICKET, Taken, Waiting},
    ids::FileId,
    sql,
    storage::Storage,
};
use uuid::Uuid;

use crate::harness::{TestApp, User, both_dbs, files as forms, one_db};

const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0";

fn waiting(person: &User, place: Uuid) -> Waiting {
    Waiting { policy: &TICKET, person: person.id, place }
}

/// What the handler of a ticket's route does.
async fn take(app: &TestApp, waiting: &Waiting, named: &[(&str, &[u8])]) -> Taken {
    let mut request = forms::request(Some("No abre la cartera"), named);
    DefaultBodyLimit::max(TICKET.body_bytes()).apply(&mut request);
    files::take(app, waiting, request).await.unwrap()
}

async fn bring(app: &TestApp, waiting: &Waiting, name: &str) -> StoredFile {
    take(app, waiting, &[(name, forms::PDF)]).await.files.unwrap().remove(0)
}

async fn claim(app: &TestApp, waiting: &Waiting, ids: &[FileId]) -> AppResult<Vec<StoredFile>> {
    let mut tx = app.db.begin().await.unwrap();
    let files = waiting.claim(&mut tx, ids, app.now()).await?;
    tx.commit().await.unwrap();
    Ok(files)
}

fn ids(files: &[StoredFile]) -> Vec<FileId> {
    files.iter().map(|file| file.file_id).collect()
}

fn keys(app: &TestApp) -> Vec<String> {
    let Storage::Memory(memory) = &app.storage else { panic!("tests keep files in memory") };
    memory.keys()
}

/// Why it was refused: the key of what the person reads.
fn reason<T>(refused: AppResult<T>) -> &'static str {
    match refused.err() {
        Some(AppError::Invalid(errors)) => errors.0[0].1,
        other => panic!("not refused with a reason: {other:?}"),
    }
}

both_dbs!(a_ticket_takes_its_files_and_nobody_else_does, |app| {
    let (ana, luz) = (app.user("ana").insert().await, app.user("luz").insert().await);
    let (ticket, other) = (Uuid::now_v7(), Uuid::now_v7());
    let hers = waiting(&ana, ticket);
    let brought = take(&app, &hers, &[("../foto.png", &forms::png(800, 400)), ("acta.pdf", forms::PDF)]).await;
    assert_eq!(brought.typed.get("body"), "No abre la cartera");
    assert_eq!(brought.typed.get("title"), "");
    let brought = brought.files.unwrap();
    assert_eq!((brought[0].name.as_str(), brought[0].width, brought[0].height), ("foto.png", Some(800), Some(400)));
    assert_eq!((brought[1].size_bytes, brought[1].thumbnail_key.as_ref()), (forms::PDF.len() as i64, None));
    assert!(keys(&app).iter().all(|key| key.starts_with("ticket/")), "{:?}", keys(&app));
    assert_eq!(hers.list(&app.db).await.unwrap(), brought, "what waits is shown again");
    assert!(waiting(&ana, other).list(&app.db).await.unwrap().is_empty());

    let elsewhere = bring(&app, &waiting(&ana, other), "a.pdf").await;
    for (stranger, taken) in [
        (waiting(&luz, ticket), ids(&brought)),
        (waiting(&ana, other), ids(&brought)),
        (Waiting { policy: &files::CHAT, ..hers }, ids(&brought)),
        (hers, vec![brought[0].file_id, elsewhere.file_id]),
        (hers, vec![FileId::new()]),
    ] {
        assert_eq!(reason(claim(&app, &stranger, &taken).await), "file.error.gone");
    }
    assert_eq!(hers.list(&app.db).await.unwrap(), brought, "a refused write takes none");
    let mut turned = ids(&brought);
    turned.reverse();
    assert_eq!(claim(&app, &hers, &turned).await.unwrap(), brought, "in the order in which they came");
    assert!(hers.list(&app.db).await.unwrap().is_empty());
    assert_eq!(reason(claim(&app, &hers, &turned[..1]).await), "file.error.gone", "taken once");
    for (policy, person, id) in [
        (&TICKET, luz.id, elsewhere.file_id),
        (&files::CHAT, ana.id, elsewhere.file_id),
        (&TICKET, ana.id, brought[0].file_id),
    ] {
        assert!(matches!(files::withdraw(&app, policy, person, id).await, Err(AppError::NotFound)));
    }
    assert_eq!(files::withdraw(&app, &TICKET, ana.id, elsewhere.file_id).await.unwrap().place_id, other);
    assert_eq!(keys(&app).len(), 3, "its bytes went with it");
});

one_db!(what_a_ticket_does_not_take_says_why_and_leaves_nothing, |app| {
    let ana = app.user("ana").insert().await;
    let hers = waiting(&ana, Uuid::now_v7());
    let large = [forms::PDF, &vec![b' '; 10 * 1024 * 1024][..]].concat();
    for (name, content, key) in [
        ("factura.pdf", EXE, "file.error.ticket_type"),
        ("nota.txt", b"una nota".as_slice(), "file.error.ticket_type"),
        ("base.zip", b"PK\x03\x04\x14\0\0\0\0\0", "file.error.ticket_type"),
        ("nada.pdf", b"", "file.error.empty"),
        ("grande.pdf", &large, "file.error.size"),
    ] {
        let refused = take(&app, &hers, &[(name, content)]).await;
        assert_eq!(refused.typed.get("body"), "No abre la cartera", "{name}: what was typed stays");
        assert_eq!(reason(refused.files), key, "{name}");
    }
    assert!(keys(&app).is_empty(), "{:?}", keys(&app));
    let six = [("a.pdf", forms::PDF); 6];
    assert_eq!(reason(take(&app, &hers, &six).await.files), "file.error.ticket_count");
    assert_eq!(hers.list(&app.db).await.unwrap().len(), 5, "five are there all the same");
    take(&app, &hers, &six[..5]).await.files.unwrap();
    assert_eq!(reason(take(&app, &hers, &six[..1]).await.files), "file.error.ticket_count", "ten may wait");
});

both_dbs!(what_nothing_took_or_was_let_go_is_deleted_after_a_day, |app| {
    let ana = app.user("ana").insert().await;
    let hers = waiting(&ana, Uuid::now_v7());
    let (kept, released) = (bring(&app, &hers, "a.pdf").await, bring(&app, &hers, "b.pdf").await);
    take(&app, &hers, &[("foto.png", &forms::png(4, 4))]).await.files.unwrap();
    claim(&app, &hers, &[kept.file_id, released.file_id]).await.unwrap();
    app.clock.advance(Duration::hours(25));
    bring(&app, &hers, "c.pdf").await;
    assert_eq!(files::prune(&app).await.unwrap(), 1, "the picture that was never sent");
    assert_eq!(keys(&app).len(), 3);
    let mut tx = app.db.begin().await.unwrap();
    files::release(&mut tx, &[released.file_id]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(reason(claim(&app, &hers, &[released.file_id]).await), "file.error.gone", "not to be taken again");
    assert_eq!(files::prune(&app).await.unwrap(), 1);
    assert_eq!(files::prune(&app).await.unwrap(), 0);
    let (rows,): (i64,) = app.db.one(sql!("select count(*) from stored_file")).await.unwrap();
    assert_eq!((rows, keys(&app).len()), (2, 2));
});

one_db!(a_file_is_shown_or_saved_by_what_it_is, |app| {
    let ana = app.user("ana").insert().await;
    let hers = waiting(&ana, Uuid::now_v7());
    let word = [b"PK\x03\x04".as_slice(), &[0; 22], &[11, 0, 0, 0], b"word/a.xml"].concat();
    let named: [(&str, &[u8]); 3] =
        [("foto.png", &forms::png(40, 20)), ("acta.pdf", forms::PDF), ("carta.docx", &word)];
    let brought = take(&app, &hers, &named).await.files.unwrap();
    let none = HeaderMap::new();
    let text = |answer: &Response, name| answer.headers()[&name].to_str().unwrap().to_owned();
    for (file, shown, policy) in [
        (&brought[0], "inline;", "sandbox;"),
        (&brought[1], "inline;", "default-src 'none';"),
        (&brought[2], "attachment;", "sandbox;"),
    ] {
        let answer = files::serve(&app, file, &none).await.unwrap();
        assert!(text(&answer, header::CONTENT_DISPOSITION).starts_with(shown), "{}", file.name);
        assert!(text(&answer, header::CONTENT_SECURITY_POLICY).starts_with(policy), "{}", file.name);
        assert_eq!(text(&answer, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(text(&answer, header::CONTENT_TYPE), file.content_type);
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        assert_eq!(bytes.len() as i64, file.size_bytes);
    }
    let part = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static("bytes=0-3"))]);
    let answer = files::serve(&app, &brought[1], &part).await.unwrap();
    assert_eq!((answer.status().as_u16(), text(&answer, header::CONTENT_LENGTH)), (206, "4".to_owned()));
    assert_eq!(files::serve_thumbnail(&app, &brought[0], &none).await.unwrap().status(), 200);
    assert!(matches!(files::serve_thumbnail(&app, &brought[1], &none).await, Err(AppError::NotFound)));
});
