//! What Prometheus reads of a running server.

use crate::harness::process::{Server, request, run};

#[test]
fn a_server_tells_how_its_live_engine_does() {
    let dir = tempfile::tempdir().unwrap();
    // Without anybody, the server would go on to print the address of the set-up.
    let ana = ["user", "add", "ana@crea.example", "--first-name", "Ana", "--last-name", "Ruiz", "--role", "supervisor"];
    assert!(run(dir.path(), &ana, &[], "").status.success());
    let server = Server::start(dir.path(), &["serve"], &[]);
    let told = request(server.address, "/metrics", "", None).unwrap();
    assert_eq!(told.status, 200, "{}", told.head);
    for name in [
        "crea_sockets",
        "crea_people",
        "crea_topics",
        "crea_queue_frames",
        "crea_queue_deepest_frames",
        "crea_outbox_lag_events",
        "crea_outbox_events",
        "crea_storage_up",
        "crea_frames_total",
        "crea_events_delivered_total",
        "crea_replays_total",
        "crea_resets_total",
        "crea_redis_dropped_total",
        "crea_sockets_closed_total{cause=\"lag\"}",
        "crea_sockets_closed_total{cause=\"revoked\"}",
        "crea_sockets_closed_total{cause=\"restart\"}",
    ] {
        assert!(told.body.lines().any(|line| line.starts_with(&format!("{name} "))), "{name}: {}", told.body);
    }
    assert!(!told.body.contains("crea_redis_up"), "nothing is said of a Redis that nobody asked for");
}
