//! An object store that dies in the middle of an upload, hangs, or is gone: files are refused in words and soon, what was
//! typed stays, nothing half-written is ever seen, the rest goes on, and it works again when the store does.

use std::time::{Duration, Instant};

use axum::http::Method;
use crea::{auth::Role, config::S3Settings, storage::Storage};
use views::text::{Locale, t};

use crate::{
    harness::{
        Client, TestApp, eventually, files, one_db,
        proxy::Proxy,
        s3::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY, fetch},
    },
    talk::pair,
};

/// A person never waits longer for the word that it failed.
const SOON: Duration = Duration::from_secs(15);

/// A conversation, in an instance that keeps its files in a store behind a line of the test's own.
struct Bench {
    server: S3Server,
    line: Proxy,
    hers: Client,
    storage: Storage,
    talk: String,
}

impl Bench {
    async fn new(app: &TestApp) -> Self {
        crea::web::metrics::install();
        let server = S3Server::start();
        let line = Proxy::start(server.address).await;
        let keys = S3Settings {
            endpoint: format!("http://{}", line.address),
            region: "us-east-1".to_owned(),
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            gives_links: true,
        };
        let storage = Storage::open_with(&format!("s3://{BUCKET}/floor"), Some(&keys)).await.unwrap();
        let (ana, luis, _) = pair(app).await;
        let talk = ana.talk_to(&luis).await.to_string();
        let hers = ana.client.through(crea::router(app.app.with_storage(storage.clone())));
        Self { server, line, hers, storage, talk }
    }

    async fn bring(&self, content: &[u8]) -> String {
        files::id_of(&files::bring(&self.hers, &self.talk, "acuerdo.pdf", content).await)
    }

    /// A file is refused in words, soon, and what was typed beside one stays.
    async fn refuses(&self, content: &[u8]) {
        let since = Instant::now();
        let refused = files::bring(&self.hers, &self.talk, "b.pdf", content).await;
        assert_eq!(refused.status, 503, "{}", refused.text);
        assert!(refused.text.contains(t(Locale::Es, "error.storage")), "{}", refused.text);
        let plain = files::bring_plain(&self.hers, &self.talk, "no se pierde", &[("b.pdf", content)]).await;
        assert_eq!(plain.status, 503);
        assert_eq!(plain.texts("form[data-composer] textarea"), ["no se pierde"]);
        assert!(since.elapsed() < 2 * SOON, "{:?}", since.elapsed());
    }

    /// What operators are told; the instance is ready all the while.
    async fn until_told(&self, state: &str, up: &str) {
        eventually("operators are told", || async {
            let ready = self.hers.get("/readyz").await;
            assert_eq!(ready.status, 200, "it goes on without files");
            ready.text.contains(&format!("\"storage\":\"{state}\"")).then_some(())
        })
        .await;
        let figures = self.hers.get("/metrics").await.text;
        assert!(figures.lines().any(|line| line == format!("crea_storage_up {up}")), "{figures}");
    }

    /// The rest of the workspace does not notice.
    async fn goes_on(&self) {
        let said = files::send(&self.hers, &self.talk, "sin archivo sí", "").await;
        assert_eq!(said.status, 200, "{}", said.text);
    }
}

/// A PDF of eight megabytes: it goes in parts.
fn long_pdf() -> Vec<u8> {
    let mut pdf = files::PDF.to_vec();
    pdf.resize(8 * 1024 * 1024, b' ');
    pdf
}

one_db!(a_store_that_dies_in_the_middle_of_an_upload_leaves_a_clear_error_and_no_half_object, |app| {
    let mut bench = Bench::new(&app).await;
    let kept = bench.bring(files::PDF).await;
    bench.until_told("up", "1").await;
    // A slow line: the first part is on its way for seconds.
    bench.line.delay(Duration::from_millis(2));
    let (hers, talk) = (bench.hers.clone(), bench.talk.clone());
    let upload = tokio::spawn(async move { files::bring(&hers, &talk, "largo.pdf", &long_pdf()).await });
    eventually("the part comes", || async { (bench.server.unfinished() > 1).then_some(()) }).await;
    bench.server.kill();
    let since = Instant::now();
    let refused = upload.await.unwrap();
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert!(refused.text.contains(t(Locale::Es, "error.storage")), "{}", refused.text);
    assert!(since.elapsed() < SOON, "{:?}", since.elapsed());
    bench.line.delay(Duration::ZERO);
    bench.until_told("down", "0").await;
    bench.refuses(files::PDF).await;
    assert_eq!(bench.hers.get(&format!("/files/{kept}")).await.status, 503);
    bench.goes_on().await;
    assert_eq!(bench.server.objects().len(), 1, "whole or not at all: {:?}", bench.server.objects());

    bench.server.restart();
    bench.until_told("up", "1").await;
    assert_eq!(bench.hers.get(&format!("/files/{kept}")).await.bytes, files::PDF);
    let long = bench.bring(&long_pdf()).await;
    assert_eq!(bench.hers.get(&format!("/files/{long}")).await.bytes, long_pdf());
    assert_eq!(bench.server.objects().len(), 2);
});

one_db!(a_store_that_hangs_is_given_up_within_seconds_and_works_again_when_it_answers, |app| {
    let bench = Bench::new(&app).await;
    let kept = bench.bring(files::PDF).await;
    bench.line.go_silent(true);
    bench.until_told("down", "0").await;
    bench.refuses(files::PDF).await;
    bench.goes_on().await;
    bench.line.go_silent(false);
    bench.until_told("up", "1").await;
    assert_eq!(bench.hers.get(&format!("/files/{kept}")).await.bytes, files::PDF);
    bench.bring(&long_pdf()).await;
});

one_db!(what_is_opened_comes_from_the_store_by_a_link_that_expires_and_is_made_for_who_may_read_it, |app| {
    // The store looks at a clock of its own.
    app.clock.advance(chrono::Utc::now() - app.clock.now());
    let bench = Bench::new(&app).await;
    let path = format!("/files/{}", bench.bring(files::PDF).await);
    let open = [("sec-fetch-mode", "navigate"), ("sec-fetch-site", "same-origin")];
    let opened = bench.hers.send(Method::GET, &path, &open, &[]).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    assert_eq!(opened.header("cache-control"), "no-store");
    let link = opened.location();
    assert!(link.starts_with(&format!("http://{}/{BUCKET}/floor/", bench.line.address)), "{link}");
    assert!(link.contains("X-Amz-Expires=900") && link.contains("response-content-type=application%2Fpdf"), "{link}");
    assert_eq!(fetch(link).await, (200, files::PDF.to_vec()));
    assert_eq!(fetch(&link.replace("inline", "attachment")).await.0, 403, "nothing of it is changed");
    // Within a page it comes from us, and whoever may not read it gets no link.
    assert_eq!(bench.hers.get(&path).await.status, 200);
    let eva = app.user("eva").role(Role::Asesor).insert().await;
    let others = app.sign_in(&eva).await.through(crea::router(app.app.with_storage(bench.storage.clone())));
    assert_eq!(others.send(Method::GET, &path, &open, &[]).await.status, 404);
});
