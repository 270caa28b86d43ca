//! The table of routes as a whole: what pages name is declared, once, and behind a door.

use crea::web::Access;

use crate::matrix::name;

/// Paths in the source of `views::paths`, with `{id}` for what varies and without a query.
fn paths_of_views() -> Vec<String> {
    let sources = [
        include_str!("../../views/src/paths/mod.rs"),
        include_str!("../../views/src/paths/admin.rs"),
        include_str!("../../views/src/paths/alarms.rs"),
        include_str!("../../views/src/paths/broadcasts.rs"),
        include_str!("../../views/src/paths/chat.rs"),
        include_str!("../../views/src/paths/tickets.rs"),
    ];
    let quoted = sources.into_iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    quoted.filter(|text| text.starts_with('/')).map(|text| text.split('?').next().unwrap().to_owned()).collect()
}

#[test]
fn every_address_that_a_page_may_name_is_a_declared_route() {
    let routes = crea::routes();
    let declared: Vec<&str> = routes.declared().iter().map(|r| r.path).collect();
    let named = paths_of_views();
    assert!(named.len() > 12, "{named:?}");
    for path in &named {
        assert!(declared.contains(&path.as_str()), "{path} has no route");
    }
    for path in declared {
        assert!(named.iter().any(|n| n == path), "{path} is in no view's table of addresses");
    }
}

#[test]
fn no_route_is_declared_twice_and_only_doors_are_public() {
    let routes = crea::routes();
    let mut seen = std::collections::HashSet::new();
    let mut public = Vec::new();
    for route in routes.declared() {
        assert!(seen.insert(name(route)), "{} twice", name(route));
        if route.access == Access::Public {
            public.push(name(route));
        }
    }
    public.sort();
    let doors = [
        "GET /account/email/{token}",
        "GET /invitation/{token}",
        "GET /live",
        "GET /live/poll",
        "GET /live/sse",
        "GET /reset",
        "GET /reset/{token}",
        "GET /setup",
        "GET /sign-in",
        "GET /sign-in/code",
        "POST /account/email/{token}",
        "POST /account/look",
        "POST /invitation/{token}",
        "POST /reset",
        "POST /reset/{token}",
        "POST /setup",
        "POST /sign-in",
        "POST /sign-in/code",
        "POST /sign-out",
    ];
    assert_eq!(public, doors, "a new public route needs a reason");
}
