//! Figures over what a person may see: what they say, where they lead, how often they are computed.

use axum::http::Method;
use chrono::Duration;
use crea::{
    auth::{Module, Role},
    features::tickets::fill_tally,
    sql,
};

use super::{desk, somebody, step};
use crate::harness::{Answer, Client, TestApp, both_dbs};

const PAGE: &str = "/tickets/figures";

/// The page as a browser draws it again that has heard of a change.
async fn again(client: &Client) -> Answer {
    client.send(Method::GET, PAGE, &[("hx-current-url", "http://127.0.0.1:8080/tickets/figures")], &[]).await
}

/// Numbers of the cards, then those of the charts.
fn cards(page: &Answer) -> Vec<String> {
    assert_eq!(page.status, 200, "{}", page.text);
    page.texts(".figure dd")
}

fn bars(page: &Answer) -> Vec<String> {
    page.texts(".chart-value")
}

/// What is kept, in one order.
async fn kept(app: &TestApp) -> Vec<(String, String, i64, i64, i64, i64)> {
    app.db
        .all(sql!(
            "select status, priority, tickets, answer_minutes + reopened, resolve_minutes, in_time + resolved \
             from ticket_tally where tickets <> 0 order by campaign_id, assignee_id, status, priority"
        ))
        .await
        .unwrap()
}

both_dbs!(figures_count_what_one_may_see_and_lead_to_it, |app| {
    let desk = desk(&app).await;
    let zoe = somebody(&app, "zoe", Role::Administrador, &app.campaign(Module::Core).await).await;
    let eva = somebody(&app, "eva", Role::Asesor, &desk.campaign).await;
    let first = desk.open(&[("priority", "CR")]).await;
    let second = desk.open(&[("priority", "BA")]).await;
    desk.open(&[("priority", "BA")]).await;
    let (holder, _) = desk.holder(&app, &first).await;
    app.clock.advance(Duration::minutes(20));
    assert_eq!(step(&holder.1, &first, "EP", "").await.status, 303);
    app.clock.advance(Duration::minutes(70));
    assert_eq!(step(&holder.1, &first, "RS", "Quedó").await.status, 303);
    assert_eq!(step(&desk.luz.1, &second, "EP", "").await.status, 303);
    assert_eq!(step(&desk.luz.1, &second, "PE", "Proveedor").await.status, 303);
    let expected = ["3", "1", "1", "1", "01 h 30 m", "00 h 55 m", "100 %", "0"];
    for who in [&desk.ana, &desk.luz, &zoe] {
        let page = again(&who.1).await;
        assert_eq!(cards(&page), expected, "{}", who.0.name);
        // By state; by priority, the most urgent first; open ones by who has them.
        assert_eq!(bars(&page)[..9], ["1", "0", "1", "1", "0", "1", "0", "0", "2"], "{}", who.0.name);
    }
    assert_eq!(cards(&again(&eva.1).await)[0], "0", "others' tickets are not hers to count");
    let page = again(&zoe.1).await;
    for (n, link) in page.attrs(".figure a, .chart-part a", "href").iter().enumerate() {
        assert_eq!(zoe.1.get(link).await.status, 200, "{n}: {link}");
    }
    let by_state = page.attrs(".chart:first-of-type .chart-part a", "href");
    assert_eq!(zoe.1.get(&by_state[3]).await.texts(".ticket-title").len(), 1, "{}: the resolved one", by_state[3]);
    let by_priority = page.attrs(".chart[data-round] .chart-part a", "href");
    assert_eq!(zoe.1.get(&by_priority[0]).await.texts(".ticket-title").len(), 1, "closed tabs or not");
    // Whom nothing binds to them any more counts them no more.
    assert_eq!(step(&holder.1, &first, "AB", "No quedó").await.status, 303);
    assert_eq!(cards(&again(&desk.luz.1).await), ["3", "2", "0", "1", "–", "00 h 55 m", "–", "1"]);
    let reopened = again(&zoe.1).await.attrs(".figure a", "href").pop().unwrap();
    assert_eq!(zoe.1.get(&reopened).await.texts(".ticket-title").len(), 1, "{reopened}");
});

both_dbs!(what_is_kept_equals_what_is_counted, |app| {
    let desk = desk(&app).await;
    for (n, steps) in [&["EP", "PE", "EP", "RS", "CE", "AB"][..], &["RS", "AB", "RS"], &["EP"], &[]].iter().enumerate()
    {
        let path = desk.open(&[("priority", ["CR", "AL", "ME", "BA"][n])]).await;
        for to in *steps {
            app.clock.advance(Duration::minutes(45));
            assert_eq!(step(&desk.luz.1, &path, to, "Porque sí").await.status, 303, "{to}");
        }
    }
    let by_change = kept(&app).await;
    app.db.exec(sql!("delete from ticket_tally")).await.unwrap();
    assert!(kept(&app).await.is_empty());
    fill_tally(&app.db).await.unwrap();
    assert_eq!(kept(&app).await, by_change);
    assert_eq!(by_change.iter().map(|row| row.2).sum::<i64>(), 4);
    fill_tally(&app.db).await.unwrap();
    assert_eq!(kept(&app).await, by_change, "only what is missing is made");
});

both_dbs!(figures_are_computed_once_however_many_look, |app| {
    let desk = desk(&app).await;
    let elsewhere = app.campaign(Module::Core).await;
    let zoe = somebody(&app, "zoe", Role::Administrador, &elsewhere).await;
    let rut = somebody(&app, "rut", Role::Administrador, &elsewhere).await;
    desk.open(&[]).await;
    let first = zoe.1.get(PAGE).await;
    let second = rut.1.get(PAGE).await;
    assert_eq!(cards(&first), cards(&second));
    println!("{PAGE}: {} statements, {} of what is kept", first.statements, second.statements);
    assert!(first.statements <= 8 && second.statements < first.statements, "{}", second.statements);
    desk.open(&[]).await;
    // Whoever comes within the second is shown what there is, at the cursor of what there is: the rest is on its way.
    let seq = |page: &Answer| page.attrs("[data-seq]", "data-seq").first().unwrap().parse::<i64>().unwrap();
    let early = rut.1.get(PAGE).await;
    assert!(cards(&early)[0] == "2" || seq(&early) == seq(&first), "{:?} at {}", cards(&early), seq(&early));
    let late = again(&zoe.1).await;
    assert_eq!(cards(&late)[0], "2");
    assert!(seq(&late) > seq(&first));
    for _ in 0..12 {
        desk.open(&[]).await;
    }
    assert_eq!(again(&zoe.1).await.statements, late.statements, "more tickets, no more statements");
});
