//! Bulk import of people: what is read, what is refused, and that no good row is lost.

use axum::{
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use crea::{
    auth::{Module, Role},
    mail, sql,
};
use tower::ServiceExt as _;

use crate::harness::{Answer, Client, TestApp, both_dbs, eventually, one_db, smtp::Smtp};

async fn admin(app: &TestApp) -> Client {
    let user = app.user("adela").role(Role::Administrador).insert().await;
    app.sign_in(&user).await
}

/// Sends a file as the form does; answers status and where it leads, or the page's text.
async fn upload(app: &TestApp, browser: &Client, bytes: &[u8]) -> (StatusCode, String) {
    let mut body = b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"gente.csv\"\r\n\r\n".to_vec();
    body.extend(bytes);
    body.extend(b"\r\n--x--\r\n");
    let mut request = Request::post("/people/import")
        .header(header::HOST, "127.0.0.1:8080")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, browser.cookie())
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body))
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))));
    let response = app.router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    let location = parts.headers.get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned());
    (parts.status, location.unwrap_or(text))
}

async fn done(browser: &Client, page: &str) -> Answer {
    eventually("the import is done", || async {
        let answer = browser.get(page).await;
        answer.text.contains("Se crearon").then_some(answer)
    })
    .await
}

/// 500 rows of which every 25th is bad, each in its own way.
fn file_of_500() -> String {
    let mut text = "Nombres;Apellidos;Correo;Documento;Grupo;Campaña\n".to_owned();
    for n in 1..=500 {
        let line = match (n % 25, n / 25 % 5) {
            (0, 0) => format!(";Peña;p{n}@crea.example;{n};Agentes;\n"),
            (0, 1) => format!("Ana;Peña;sin arroba;{n};Agentes;\n"),
            (0, 2) => format!("Ana;Peña;p{n}@crea.example;{n};jefe;\n"),
            (0, 3) => format!("Ana;Peña;p1@crea.example;{n};Agentes;\n"),
            (0, _) => format!("=cmd;Peña;p{n}@crea.example;{n};Agentes;ninguna\n"),
            _ => format!("Ana;Peña;p{n}@crea.example;{n};Asesores Tarjeta Plata;CAMP\n"),
        };
        text.push_str(&line);
    }
    text
}

both_dbs!(five_hundred_rows_with_twenty_bad_ones_lose_no_good_one_and_explain_each_bad_one, |app| {
    let campaign = app.campaign(Module::Core).await;
    app.db.exec(sql!("update campaign set code = 'camp' where id = $1", campaign.id)).await.unwrap();
    let browser = admin(&app).await;
    let (status, page) = upload(&app, &browser, file_of_500().as_bytes()).await;
    assert_eq!(status, 303, "{page}");
    let count = async || app.db.one::<(i64,)>(sql!("select count(*) from app_user")).await.unwrap().0;
    assert_eq!(count().await, 1, "a dry run makes nobody");
    let report = browser.get(&page).await;
    assert!(report.text.contains("500 filas: 480 se pueden importar y 20 tienen errores"), "{}", report.text);
    let reasons = report.texts(".import-bad tbody tr");
    assert_eq!(reasons.len(), 24, "the last kind has two reasons: {reasons:?}");
    for text in [
        "Complete este dato",
        "correo válido",
        "No existe este rol",
        "repetido",
        "empezar con una letra",
        "campaña activa",
    ] {
        assert!(reasons.iter().any(|r| r.contains(text)), "{text}: {reasons:?}");
    }
    assert!(reasons[0].starts_with("Fila 26"), "as the spreadsheet counts: {}", reasons[0]);
    let (one, two) = tokio::join!(browser.post(&page, &[]), browser.post(&page, &[]));
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303), "a double click");
    let end = done(&browser, &page).await;
    assert!(end.text.contains("Se crearon 480 usuarios de 500 filas. 20 filas"), "{}", end.text);
    assert_eq!(count().await, 481);
    let (members, agents): (i64, i64) = app
        .db
        .one(sql!(
            "select (select count(*) from membership), \
                 (select count(*) from app_user where role = 'asesor' and invited_at is not null and not is_active)"
        ))
        .await
        .unwrap();
    assert_eq!((members, agents), (480, 480));
    browser.post(&page, &[]).await;
    assert_eq!(count().await, 481, "a later click changes nothing");
    let again = upload(&app, &browser, file_of_500().as_bytes()).await.1;
    assert!(browser.get(&again).await.text.contains("500 filas: 0 se pueden importar"), "all are there by now");
});

both_dbs!(who_was_imported_gets_a_link_that_works_until_the_next_list, |app| {
    let browser = admin(&app).await;
    let text = "first name,last name,email,role\nEva,Ríos,eva@crea.example,supervisor\n";
    let page = upload(&app, &browser, text.as_bytes()).await.1;
    assert_eq!(browser.post(&format!("{page}/links"), &[]).await.status, 409, "nobody waits yet");
    browser.post(&page, &[]).await;
    done(&browser, &page).await;
    for path in [format!("{page}/links"), format!("{page}/links")] {
        let list = browser.post(&path, &[]).await;
        assert_eq!(list.status, 200);
        assert!(list.header("content-disposition").contains("crea-links.xlsx"));
    }
    let (open,): (i64,) = app
        .db
        .one(sql!("select count(*) from account_token where used_at is null and purpose = 'invitation'"))
        .await
        .unwrap();
    assert_eq!(open, 1, "the former link ended");
    assert_eq!(browser.get(&format!("{page}/report")).await.status, 200);
    assert_eq!(browser.get("/people/import/template").await.status, 200);
});

one_db!(a_file_that_is_no_list_of_people_is_refused_and_makes_nothing, |app| {
    let browser = admin(&app).await;
    for (bytes, text) in [
        (b"Nombres;Correo\nAna;a@x.co".to_vec(), "Faltan columnas"),
        (b"".to_vec(), "no tiene filas"),
        (b"PK\x03\x04nothing".to_vec(), "No se pudo leer"),
        ("a;b\n".repeat(5_002).into_bytes(), "5.000 filas"),
    ] {
        let (status, page) = upload(&app, &browser, &bytes).await;
        assert_eq!(status, 422);
        assert!(page.contains(text), "{text}");
    }
    let (rows,): (i64,) = app.db.one(sql!("select count(*) from people_import")).await.unwrap();
    assert_eq!(rows, 0);
    assert_eq!(upload(&app, &browser, &vec![b'a'; 21 * 1024 * 1024]).await.0, 413);
});

one_db!(who_is_imported_is_mailed_the_link_where_mail_can_be_sent, |app| {
    let server = Smtp::start().await;
    let app = app.mailing(&server).await;
    let browser = admin(&app).await;
    let text = "first name,last name,email,role\nEva,Ríos,eva@crea.example,supervisor\nLuz,Ríos,sin arroba,asesor\n";
    let page = upload(&app, &browser, text.as_bytes()).await.1;
    assert!(browser.get(&page).await.text.contains("recibirá por correo"));
    browser.post(&page, &[]).await;
    let end = done(&browser, &page).await;
    assert!(end.text.contains("Enviamos a cada usuario") && !end.text.contains(&format!("{page}/links")));
    mail::run_once(&app).await.unwrap();
    let kept = server.kept();
    assert_eq!((kept.len(), &*kept[0].to), (1, &["eva@crea.example".to_owned()][..]), "and nobody else");
    assert_eq!(app.browser().get(&kept[0].link("/invitation/")).await.status, 200);
});
