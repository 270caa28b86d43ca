//! What a page costs with 200,000 tickets: time, CPU and statements.

use anyhow::{Context, Result, ensure};

use crate::figures::{Budget, Figure};
use crate::latency::Latency;
use crate::people::People;
use crate::product::{Product, between};

/// How often each page is asked for, one request after the other.
const TIMES: usize = 100;
/// Asked for before, so that the caches are as on a busy day.
const WARM: usize = 5;

/// What is asked for, by whom.
struct Asked {
    what: &'static str,
    path: String,
    cookie: String,
    most_ms: f64,
}

/// Every page in turn. A list is bounded by design.md's budgets, a search by 50 ms.
pub async fn measure(product: &Product, people: &People, is_postgres: bool) -> Result<Vec<Figure>> {
    let (staff, agent) = (&people.senders[0].cookie, &people.agents[0].cookie);
    let first = product.server.get("/tickets", staff).await?.body;
    let next = between(&first, "href=\"/tickets?after=", "\"").context("a list without a next page")?;
    let asked = |what, path: &str, cookie: &String, most_ms| Asked {
        what,
        path: path.to_owned(),
        cookie: cookie.clone(),
        most_ms,
    };
    let list = 15.0;
    let all = [
        asked("list, first page", "/tickets", staff, list),
        asked("list, next page", &format!("/tickets?after={}", next.replace("&amp;", "&")), staff, list),
        asked("list, closed", "/tickets?filtro=cerrados", staff, list),
        asked("list, by priority", "/tickets?sort=priority", staff, list),
        asked("list, one application and priority", "/tickets?application=VICIDIAL&priority=CR", staff, list),
        asked("list of an agent", "/tickets", agent, list),
        asked("search of a word", "/tickets?q=impresora", staff, 50.0),
        asked("search of two words and a state", "/tickets?q=impresora+teclado&status=EP", staff, 50.0),
        asked("search of an agent", "/tickets?q=contrasena", agent, 50.0),
        asked("board", "/tickets/board", staff, list),
        asked("figures", "/tickets/figures", staff, 3.0),
    ];
    let mut figures = Vec::new();
    for page in &all {
        figures.extend(one(product, page, if is_postgres { 4.0 } else { 3.0 }).await?);
    }
    Ok(figures)
}

async fn one(product: &Product, page: &Asked, cpu_ms: f64) -> Result<[Figure; 3]> {
    for _ in 0..WARM {
        let answer = product.server.get(&page.path, &page.cookie).await?;
        ensure!(answer.status == 200, "{} was answered {}", page.path, answer.status);
    }
    let before = (product.process.usage()?, product.metric("crea_statements_total").await?.unwrap_or_default());
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let began = std::time::Instant::now();
        product.server.get(&page.path, &page.cookie).await?;
        took.push(began.elapsed());
    }
    let used = product.process.usage()?.since(before.0);
    let statements = product.metric("crea_statements_total").await?.unwrap_or_default() - before.1;
    let (per, figure) = (TIMES as f64, |what: &str, unit, value, budget| {
        Figure::new(format!("200,000 tickets, {}: {what}", page.what), unit, value, budget)
    });
    Ok([
        figure("p95", "ms", Latency::of(took).p95_ms, Budget::AtMost(page.most_ms)),
        figure("CPU of the server", "ms", used.total.as_secs_f64() * 1e3 / per, Budget::AtMost(cpu_ms)),
        figure("statements", "", statements / per, Budget::AtMost(6.0)),
    ])
}
