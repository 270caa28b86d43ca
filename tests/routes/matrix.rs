//! Every route × every role, against the table of permissions.

use axum::{Router, http::Method, middleware};
use crea::{
    auth::{self, Capability, Module, Role, Scope},
    web::{self, Access, Routes, routes::Declared},
};
use uuid::Uuid;

use crate::harness::{Answer, Client, TestApp, User, files, one_db};

/// Capabilities whose records have no owner: whoever has one reaches all of them.
const ADMINISTRATION: [Capability; 6] = [
    Capability::ExportConversations,
    Capability::ManagePeople,
    Capability::ManageEmployees,
    Capability::ManageSettings,
    Capability::ViewAuditLog,
    Capability::ViewLiveStatus,
];

/// What an answer means for permissions.
#[derive(Debug, PartialEq, Eq)]
enum Class {
    /// To the sign-in.
    SignIn,
    Forbidden,
    NotFound,
    /// Anything else that is no failure of ours: the handler ran.
    Reached,
}

fn class(answer: &Answer) -> Class {
    assert!(!answer.status.is_server_error(), "{}", answer.text);
    match answer.status.as_u16() {
        303 if answer.location().starts_with("/sign-in") => Class::SignIn,
        401 if answer.header("hx-redirect").starts_with("/sign-in") => Class::SignIn,
        401 => panic!("401 that leads nowhere"),
        403 => Class::Forbidden,
        404 => Class::NotFound,
        _ => Class::Reached,
    }
}

async fn call(browser: &Client, route: &Declared, id: &str) -> Answer {
    let path =
        route.path.replace("{id}", id).replace("{message}", id).replace("{kind}", "campaign").replace("{number}", "0");
    if route.method == Method::POST { browser.post(&path, &[]).await } else { browser.get(&path).await }
}

/// A route as people write it: `GET /path`.
pub fn name(route: &Declared) -> String {
    format!("{} {}", route.method, route.path)
}

one_db!(each_route_answers_each_role_as_the_table_says, |app| {
    let own = app.campaign(Module::Core).await;
    let routes = crea::routes();
    assert!(routes.declared().len() > 15, "{}", routes.declared().len());
    for role in Role::ALL {
        let user = app.user("one").role(role).campaign(&own).insert().await;
        let browser = app.sign_in(&user).await;
        for route in routes.declared() {
            // Signing out would end the walk.
            let browser = if route.path == "/sign-out" { app.sign_in(&user).await } else { browser.copy() };
            let expected = match route.access {
                Access::Can(capability) if scope(capability, role, true) == Scope::None => Class::Forbidden,
                // The id belongs to nothing: whoever is let in finds nothing.
                _ if route.path.contains("{id}")
                    || route.path.contains("{number}")
                    || route.path.starts_with("/invitation/") =>
                {
                    Class::NotFound
                }
                _ => Class::Reached,
            };
            // Nobody is sent to set anything up: there is somebody already.
            let expected = if route.path == "/setup" { Class::NotFound } else { expected };
            let answer = call(&browser, route, &Uuid::now_v7().to_string()).await;
            // A form or query without its fields is refused before its record is looked for.
            let is_bad_form = answer.status.as_u16() == 400;
            let seen = if is_bad_form && expected == Class::NotFound { Class::NotFound } else { class(&answer) };
            let left = route.path == "/sign-out" && seen == Class::SignIn;
            assert!(left || seen == expected, "{} as {role:?}: {seen:?}, not {expected:?}", name(route));
        }
    }
});

one_db!(who_is_not_signed_in_reaches_public_routes_alone, |app| {
    app.user("ana").insert().await;
    for route in crea::routes().declared() {
        let id = Uuid::now_v7().to_string();
        let answer = call(&app.browser(), route, &id).await;
        let is_sign_out = route.path == "/sign-out";
        let expected = match route.access {
            Access::Public if name(route) == "GET /setup" => Class::NotFound,
            Access::Public if route.path.starts_with("/invitation/") => Class::NotFound,
            // The second step leads to the first, which was not taken.
            Access::Public if is_sign_out || name(route) == "GET /sign-in/code" => Class::SignIn,
            Access::Public => Class::Reached,
            Access::SignedIn | Access::Can(_) => Class::SignIn,
        };
        assert_eq!(class(&answer), expected, "{}", name(route));
        if route.access != Access::Public && route.method == Method::GET && route.path != "/" {
            let next = format!(
                "/sign-in?next={}",
                route
                    .path
                    .replace("{id}", &id)
                    .replace("{message}", &id)
                    .replace("{kind}", "campaign")
                    .replace("{number}", "0")
            );
            assert_eq!(answer.location(), next, "the way back is kept");
        }
        if route.access != Access::Public {
            let path = route
                .path
                .replace("{id}", &id)
                .replace("{message}", &id)
                .replace("{kind}", "campaign")
                .replace("{number}", "0");
            let kind = [("hx-request-type", "partial"), ("sec-fetch-site", "same-origin")];
            let answer = app.browser().send(route.method.clone(), &path, &kind, &[]).await;
            assert_eq!((answer.status.as_u16(), answer.header("hx-redirect")), (401, "/sign-in"), "{}", name(route));
        }
    }
});

one_db!(records_of_others_are_not_there_on_any_route_with_an_id, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    let luz = app.user("luz").role(Role::Supervisor).campaign(&own).insert().await;
    let hers = app.sign_in(&ana).await;
    let opened = hers.post("/chat/direct", &[("user_id", &luz.id.to_string())]).await;
    let talk = opened.location().trim_start_matches("/chat/").to_owned();
    let boss = app.sign_in(&luz).await;
    let ana_id = ana.id.to_string();
    let new = [("title", "Turno"), ("campaign", &*own.id.to_string()), ("people", &*ana_id)];
    let made = boss.post("/chat/groups", &new).await;
    let group = made.location().trim_start_matches("/chat/").to_owned();
    let file = files::id_of(&files::bring(&hers, &talk, "foto.png", &files::png(4, 4)).await);
    let key = Uuid::now_v7().to_string();
    let own_id = own.id.to_string();
    let mass = [("key", &*key), ("body", "hola"), ("campaign", &*own_id), ("role", "asesor")];
    let sent = boss.post("/broadcasts", &mass).await;
    crea::features::broadcasts::run_once(&app).await.unwrap();
    let mass = sent.location().trim_start_matches("/broadcasts/").to_owned();
    let ticket = [
        ("key", &*key),
        ("title", "No abre"),
        ("description", "Desde ayer"),
        ("application", "CARTERA"),
        ("kind", "IN"),
        ("priority", "ME"),
        ("campaign", &*own_id),
    ];
    let ticket = hers.post("/tickets", &ticket).await.location().trim_start_matches("/tickets/").to_owned();
    let kept = Uuid::now_v7().to_string();
    assert_eq!(hers.post("/tickets/views", &[("id", &*kept), ("name", "Lo mío")]).await.status, 303);
    let alarm = crate::harness::alarms::rung(&app, &[ana.id]).await.to_string();
    let paper = files::bring_to(&hers, &format!("/tickets/{ticket}/files"), "foto.png", &files::png(4, 4)).await;
    let paper = files::id_of(&paper);
    let session = app
        .db
        .one::<(Uuid,)>(crea::sql!("select id from session order by created_at, id"))
        .await
        .unwrap()
        .0
        .to_string();
    let message = Uuid::now_v7().to_string();
    let form = [("id", &*message), ("body", "hola"), ("number", "1"), ("title", "Otro turno"), ("kind", "like")];
    assert_eq!(hers.post_htmx(&format!("/chat/{talk}/messages"), &form).await.status, 200);
    let message = &message;
    let ask = |browser: Client, route: Declared, id: String| async move {
        let query = if route.path == "/chat/{id}/messages" { "?before=9" } else { "" };
        let path = route.path.replace("{id}", &id).replace("{message}", message) + query;
        let kind = [("hx-request-type", "partial"), ("sec-fetch-site", "same-origin")];
        browser.send(route.method.clone(), &path, &kind, &form).await
    };
    let record_of = |route: &Declared| match route.path {
        path if path.starts_with("/chat/groups") => group.clone(),
        path if path.starts_with("/chat") => talk.clone(),
        path if path.starts_with("/files") => file.clone(),
        path if path.starts_with("/broadcasts") => mass.clone(),
        path if path.starts_with("/tickets/files") => paper.clone(),
        path if path.starts_with("/tickets/views") => kept.clone(),
        path if path.starts_with("/tickets") => ticket.clone(),
        path if path.starts_with("/alarms") => alarm.clone(),
        _ => session.clone(),
    };
    let routes = crea::routes();
    // What the administration keeps belongs to every administrator, and to nobody else.
    let is_personal = |r: &&Declared| !matches!(r.access, Access::Can(c) if ADMINISTRATION.contains(&c));
    // Records have a rule of their own, which `groups` proves: colleagues see them. Faces are everybody's: see `photo`.
    let with_id: Vec<_> = routes
        .declared()
        .iter()
        .filter(|r| r.path.contains("{id}"))
        .filter(is_personal)
        .filter(|r| !r.path.contains("{kind}") && r.path != "/people/{id}/photo")
        // Canned answers belong to all who steer.
        .filter(|r| !r.path.starts_with("/tickets/macros"))
        .collect();
    assert!(with_id.len() >= 5, "{with_id:?}");
    for foreign in [
        app.user("agent").campaign(&other).insert().await,
        app.user("same").campaign(&own).insert().await,
        app.user("boss").role(Role::Supervisor).campaign(&other).insert().await,
        app.user("zoe").role(Role::Administrador).insert().await,
        app.user("root").role(Role::Administrador).superuser().insert().await,
    ] {
        let browser = app.sign_in(&foreign).await;
        for route in &with_id {
            let answer = ask(browser.clone(), (*route).clone(), record_of(route)).await;
            let may = !matches!(route.access, Access::Can(c) if scope(c, foreign.role, true) == Scope::None && !foreign.name.starts_with("Root"));
            // How far a mass message got, and every ticket, is every administrator's to see.
            let watched = [Capability::ChatBroadcast, Capability::UseTickets].map(Access::Can);
            let is_watched = watched.contains(&route.access) && foreign.role == Role::Administrador;
            // What is not sent yet is its writer's alone, and so is a filter that somebody keeps.
            let own = ["/tickets/files", "/tickets/views"];
            let is_watched = is_watched && !own.iter().any(|path| route.path.starts_with(path));
            let expected = match may {
                true if is_watched => Class::Reached,
                true => Class::NotFound,
                false => Class::Forbidden,
            };
            assert_eq!(class(&answer), expected, "{} as {}", name(route), foreign.name);
        }
    }
    // Another browser of hers, since the walk ends the session of the first.
    let hers = app.sign_in(&ana).await;
    for route in with_id {
        let by_staff = [
            "/chat/groups",
            "/tickets/{id}/assignment",
            "/tickets/{id}/links",
            "/tickets/{id}/macro",
            "/tickets/{id}/merge",
            "/tickets/{id}/words",
        ];
        let is_boss = by_staff.iter().any(|path| route.path.starts_with(path))
            || route.access == Access::Can(Capability::ChatBroadcast);
        let owner = if is_boss { &boss } else { &hers };
        let answer = ask(owner.clone(), route.clone(), record_of(route)).await;
        assert_eq!(class(&answer), Class::Reached, "{} as its owner", name(route));
    }
});

/// What the matrix gives a role, by the specification's rule for modules.
fn scope(capability: Capability, role: Role, is_member_of_core: bool) -> Scope {
    let granted = match capability.module() {
        None => true,
        Some(Module::Core) => is_member_of_core,
        Some(_) => false,
    };
    if granted || role == Role::Administrador { capability.scope_of(role) } else { Scope::None }
}

/// One route that needs `capability`, behind the real guard and session.
fn probe(app: &TestApp, capability: Capability) -> Router {
    Routes::new()
        .get("/probe", Access::Can(capability), async || "reached")
        .into_router()
        .layer(middleware::from_fn(web::errors::layer))
        .layer(middleware::from_fn_with_state(app.app.clone(), web::session::layer))
        .layer(auth::session::layer(app.db.clone(), app.clock.clone(), &app.config))
        .with_state(app.app.clone())
}

one_db!(each_capability_lets_in_the_roles_and_modules_that_it_names, |app| {
    let core = app.campaign(Module::Core).await;
    let mut people: Vec<(User, bool, Client)> = Vec::new();
    for role in Role::ALL {
        for is_member in [false, true] {
            let user = app.user("one").role(role);
            let user = if is_member { user.campaign(&core) } else { user }.insert().await;
            let browser = app.sign_in(&user).await;
            people.push((user, is_member, browser));
        }
    }
    let root = app.user("root").superuser().insert().await;
    let root = app.sign_in(&root).await;
    let (mut reached, mut refused) = (0, 0);
    for capability in Capability::ALL {
        let router = probe(&app, *capability);
        assert_eq!(root.through(router.clone()).get("/probe").await.text, "reached", "{capability:?} of a superuser");
        assert_eq!(class(&app.browser().through(router.clone()).get("/probe").await), Class::SignIn, "{capability:?}");
        for (user, is_member, browser) in &people {
            let answer = browser.through(router.clone()).get("/probe").await;
            let may = scope(*capability, user.role, *is_member) > Scope::None;
            let expected = if may { Class::Reached } else { Class::Forbidden };
            assert_eq!(class(&answer), expected, "{capability:?} as {:?}, member: {is_member}", user.role);
            if may { reached += 1 } else { refused += 1 }
        }
    }
    assert!(reached > 100 && refused > 100, "{reached} {refused}");
});
