//! Settings: defaults, what is written, and what somebody wrote by hand.

use chrono::Duration;
use crea::{
    auth::Role,
    features::settings::{self, Settings},
    sql,
};
use serde_json::json;

use crate::harness::both_dbs;

both_dbs!(an_empty_table_is_all_defaults, |app| {
    assert_eq!(settings::read(&app.db).await.unwrap(), Settings::default());
});

both_dbs!(what_is_written_is_read_and_written_again, |app| {
    for (months, role, at) in [(3, Role::Administrador, app.now()), (24, Role::Calidad, app.now() + Duration::hours(1))]
    {
        let written = Settings { retention_months: months, totp_roles: vec![role], updated_at: Some(at) };
        let mut tx = app.db.begin().await.unwrap();
        settings::write(&mut tx, &written, at).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(settings::read(&app.db).await.unwrap(), written);
    }
});

both_dbs!(a_value_that_nobody_understands_is_a_default, |app| {
    let insert = sql!(
        "insert into setting (key, value, updated_at) values ('chat', $1, $2)",
        json!({ "retention_months": "forever", "other": 1 }),
        app.now()
    );
    app.db.exec(insert).await.unwrap();
    let read = settings::read(&app.db).await.unwrap();
    assert_eq!((read.retention_months, read.totp_roles), (12, vec![]));
});
