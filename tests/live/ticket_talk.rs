//! People who are brought into a ticket, named in it and taken out of it, on their screens.

use crate::{
    harness::both_dbs,
    tab::{Server, Tab},
    tickets::{act, all_equal, desk, say},
};

both_dbs!(who_is_named_is_told_where_and_reads_the_ticket_until_taken_out, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let mut hers = Tab::open(&server, &desk.ana.client, &path).await;
    let mut eva_list = Tab::open(&server, &desk.eva.client, "/tickets").await;
    let mut teo = Tab::open(&server, &desk.teo.client, "/tickets").await;
    let text = format!("@{} lo vio ayer", desk.eva.user.name);
    say(&desk.sol, &path, &text, "").await;
    eva_list.until("the notice", |tab| tab.was_sent("lo mencionó en el ticket #1.")).await;
    let row = format!("ticket-{}", path.trim_start_matches("/tickets/"));
    eva_list.until("it is in the list", |tab| tab.document.by_id(&row).is_some()).await;
    let mut eva = Tab::open(&server, &desk.eva.client, &path).await;
    say(&desk.luz, &path, "¿Qué pasó, entonces?", "").await;
    eva.until("what is said next", |tab| tab.document.root().text().contains("¿Qué pasó, entonces?")).await;
    all_equal(&app, &mut [&mut hers, &mut eva, &mut eva_list, &mut teo]).await;
    assert!(hers.document.root().text().contains(&desk.eva.user.name), "who follows it is seen");
    // Taken out, the open page goes at once and hears nothing more.
    act(&app, &desk.luz, &path, "followers/removal", &[("user", &desk.eva.id())]).await;
    say(&desk.luz, &path, "Sin Eva", "").await;
    hers.until("the next words", |tab| tab.document.root().text().contains("Sin Eva")).await;
    eva_list.until("gone from the list", |tab| tab.document.by_id(&row).is_none()).await;
    all_equal(&app, &mut [&mut hers, &mut eva_list]).await;
    assert!(!eva.was_sent("Sin Eva") && !teo.was_sent("mencionó"));
});

both_dbs!(who_names_somebody_who_may_not_read_is_told_so, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let mut hers = Tab::open(&server, &desk.ana.client, &path).await;
    let mut eva = Tab::open(&server, &desk.eva.client, "/tickets").await;
    say(&desk.ana, &path, &format!("@{} ayúdeme", desk.eva.user.name), "").await;
    hers.until("why not", |tab| tab.was_sent("No se avisó a")).await;
    say(&desk.luz, &path, &format!("@{} nota", desk.eva.user.name), "1").await;
    all_equal(&app, &mut [&mut hers, &mut eva]).await;
    assert!(!eva.was_sent("mencionó") && !hers.was_sent("notas internas"));
});

both_dbs!(links_and_duplicates_show_at_once_to_who_reads_both, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let (first, second) = (desk.open("No abre Vicidial").await, desk.open("Vicidial no abre").await);
    let mut hers = Tab::open(&server, &desk.ana.client, &first).await;
    let mut staff = Tab::open(&server, &desk.luz.client, &second).await;
    act(&app, &desk.luz, &second, "links", &[("kind", "related"), ("number", "1")]).await;
    let shows = |word: &'static str| move |tab: &Tab| tab.document.root().text().contains(word);
    hers.until("the link", shows("Vicidial no abre")).await;
    staff.until("the link", shows("No abre Vicidial")).await;
    act(&app, &desk.luz, &second, "merge", &[("into", "1")]).await;
    hers.until("that it is closed", shows("Cerrado")).await;
    staff.until("what it says at its top", shows("continúa allí")).await;
    all_equal(&app, &mut [&mut hers, &mut staff]).await;
    act(&app, &desk.luz, &second, "state", &[("to", "AB"), ("reason", "No era lo mismo")]).await;
    hers.until("the link is gone", |tab| !tab.document.root().text().contains("Vicidial no abre")).await;
    all_equal(&app, &mut [&mut hers, &mut staff]).await;
});

both_dbs!(who_types_a_note_is_seen_by_staff_alone_and_who_looks_by_all_who_read, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let id = path.trim_start_matches("/tickets/");
    let mut hers = Tab::open(&server, &desk.ana.client, &path).await;
    let mut helper = Tab::open(&server, &desk.sol.client, &path).await;
    let mut staff = Tab::open(&server, &desk.luz.client, &path).await;
    let mut eva = Tab::open(&server, &desk.eva.client, "/tickets").await;
    let by = |person: &crate::talk::Person| format!("by=\"{}\"", person.id());
    let before = app.live.cursor().await.unwrap();
    helper.send(&format!("{{\"typing\":\"board:{id}\"}}")).await;
    staff.until("a note is typed", |tab| tab.was_sent("<hx-typing")).await;
    staff.send(&format!("{{\"typing\":\"ticket:{id}\"}}")).await;
    hers.until("an answer is typed", |tab| tab.was_sent(&by(&desk.luz))).await;
    assert!(!hers.was_sent(&by(&desk.sol)), "who writes a note is nobody else's business");
    helper.send(&format!("{{\"looking\":\"{id}\",\"how\":\"comes\"}}")).await;
    hers.until("somebody looks", |tab| tab.was_sent("<hx-looking") && tab.was_sent("how=\"comes\"")).await;
    // Who does not read it, and who reads no notes, says nothing there.
    eva.send(&format!("{{\"looking\":\"{id}\",\"how\":\"stays\"}}")).await;
    eva.send(&format!("{{\"typing\":\"ticket:{id}\"}}")).await;
    hers.send(&format!("{{\"typing\":\"board:{id}\"}}")).await;
    hers.send(&format!("{{\"typing\":\"user:{}\"}}", desk.eva.id())).await;
    hers.send(&format!("{{\"looking\":\"{id}\",\"how\":\"goes\"}}")).await;
    staff.until("what was said last", |tab| tab.was_sent("how=\"goes\"")).await;
    // Each tab is answered in turn: what it said before has been read.
    eva.navigate("/tickets").await;
    hers.navigate(&path).await;
    assert_eq!(app.live.cursor().await.unwrap(), before, "nothing is stored");
    say(&desk.luz, &path, "Listo", "").await;
    all_equal(&app, &mut [&mut hers, &mut helper, &mut staff, &mut eva]).await;
    assert!(!staff.was_sent(&by(&desk.eva)) && !eva.was_sent("<hx-typing") && !eva.was_sent("<hx-looking"));
    assert!(!staff.was_sent(&format!("<hx-typing in=\"{id}\" {}", by(&desk.ana))), "who reads no notes types none");
});

both_dbs!(who_has_a_part_in_a_ticket_hears_what_is_said_and_nobody_else, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    act(&app, &desk.luz, &path, "followers", &[("user", &desk.eva.id())]).await;
    let mut tabs = Vec::new();
    for person in [&desk.ana, &desk.sol, &desk.eva, &desk.teo, &desk.luz] {
        tabs.push(Tab::open(&server, &person.client, "/tickets").await);
    }
    let [ana, sol, eva, teo, luz] = &mut tabs[..] else { unreachable!("five of them") };
    let said = |by: &crate::talk::Person| format!("{} comentó el ticket #1.", by.user.name);
    let noted = |by: &crate::talk::Person| format!("{} dejó una nota en el ticket #1.", by.user.name);
    // The requester is answered: who asked and who follows hears it.
    say(&desk.sol, &path, "Reinicie el equipo", "").await;
    ana.until("the answer", |tab| tab.was_sent(&said(&desk.sol))).await;
    eva.until("the answer", |tab| tab.was_sent(&said(&desk.sol))).await;
    // A note is for staff: who works on it hears of it, and neither who asked nor who follows does.
    say(&desk.luz, &path, "El contrato vence", "1").await;
    sol.until("the note", |tab| tab.was_sent(&noted(&desk.luz))).await;
    // Who is named is told that, and not the same twice.
    say(&desk.ana, &path, &format!("Gracias, @{}", desk.sol.user.name), "").await;
    eva.until("the thanks", |tab| tab.was_sent(&said(&desk.ana))).await;
    sol.until("the name", |tab| tab.was_sent("lo mencionó en el ticket #1.")).await;
    all_equal(&app, &mut [ana, sol, eva, teo, luz]).await;
    assert!(!sol.was_sent(&said(&desk.ana)) && !sol.was_sent(&said(&desk.sol)), "named once, and not of oneself");
    assert!(!ana.was_sent("dejó una nota") && !eva.was_sent("dejó una nota"), "notes are for staff");
    assert!(!luz.was_sent("comentó") && !teo.was_sent("comentó") && !luz.was_sent("dejó una nota"));
});

both_dbs!(who_may_give_a_ticket_to_somebody_is_offered_those_who_serve_it_now, |app| {
    let desk = desk(&app).await;
    let server = Server::start(&app).await;
    let path = desk.open("No abre Vicidial").await;
    let mut staff = Tab::open(&server, &desk.luz.client, &path).await;
    let mut hers = Tab::open(&server, &desk.ana.client, &path).await;
    let zoe = app.user("zoe").role(crea::auth::Role::Administrador).insert().await;
    let zoe = app.sign_in(&zoe).await;
    let form = [("application", "CARTERA"), ("user", ""), ("drawn", ""), ("person", &*desk.eva.user.email)];
    let more = [("weight", "1"), ("capacity", ""), ("is_active", "1")];
    assert_eq!(zoe.post("/ticket-service/pools", &[&form[..], &more[..]].concat()).await.status, 303);
    staff.until("who joined", |tab| tab.document.root().text().contains(&desk.eva.user.name)).await;
    all_equal(&app, &mut [&mut staff, &mut hers]).await;
    assert!(!hers.document.root().text().contains(&desk.eva.user.name), "who gives it to nobody sees none of them");
});
