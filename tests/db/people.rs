//! Accounts, and people as others see them.

use crea::{
    auth::{Module, Role},
    db::is_unique_violation,
    features::people::{self, NewUser, reach},
    ids::UserId,
    live::Topic,
    sql,
};

use crate::harness::{Campaign, TestApp, both_dbs};

async fn reachable(app: &TestApp, viewer: &crate::harness::User, query: &str) -> Vec<String> {
    let found = people::list_reachable(&app.db, viewer.id, &reach(viewer.role, false), query, 50).await.unwrap();
    found.rows.into_iter().map(|p| format!("{} {}", p.first_name, p.last_name)).collect()
}

fn new_user(email: &str, document: Option<&str>) -> NewUser {
    NewUser {
        id: UserId::new(),
        email: email.to_owned(),
        document: document.map(str::to_owned),
        first_name: "Óscar".to_owned(),
        last_name: "Peña".to_owned(),
        role: Role::Asesor,
        is_superuser: false,
        password_hash: "none".to_owned(),
        must_change_password: true,
    }
}

both_dbs!(an_empty_database_has_no_users_until_one_is_inserted, |app| {
    assert!(!people::has_users(&app.db).await.unwrap());
    app.user("ana").insert().await;
    assert!(people::has_users(&app.db).await.unwrap());
});

both_dbs!(an_e_mail_or_document_is_taken_once_whatever_its_case, |app| {
    let mut tx = app.db.begin().await.unwrap();
    people::insert_user(&mut tx, &new_user("Oscar@crea.example", Some("CE90")), app.now()).await.unwrap();
    tx.commit().await.unwrap();
    for (email, document) in [("oscar@CREA.example", None), ("other@crea.example", Some("CE90"))] {
        let mut tx = app.db.begin().await.unwrap();
        let error = people::insert_user(&mut tx, &new_user(email, document), app.now()).await.unwrap_err();
        assert!(is_unique_violation(&error), "{error}");
    }
});

both_dbs!(an_account_is_found_by_e_mail_in_any_case_and_by_its_document, |app| {
    let oscar = app.user("oscar").document("CE90x").insert().await;
    for login in [oscar.email.to_uppercase(), format!("  {} ", oscar.email), "CE90x".to_owned()] {
        let found = people::account_by_login(&app.db, &login).await.unwrap();
        assert_eq!(found.map(|a| a.id), Some(oscar.id), "{login}");
    }
    assert!(people::account_by_login(&app.db, "nobody@crea.example").await.unwrap().is_none());
    let account = people::account_by_id(&app.db, oscar.id).await.unwrap();
    assert_eq!((account.email, account.document.as_deref(), account.is_active), (oscar.email, Some("CE90x"), true));
    let missing = people::account_by_id(&app.db, UserId::new()).await;
    assert!(matches!(missing, Err(sqlx::Error::RowNotFound)));
});

both_dbs!(password_and_activity_are_set_on_the_one_account, |app| {
    let (ana, luis) = (app.user("ana").insert().await, app.user("luis").insert().await);
    let mut tx = app.db.begin().await.unwrap();
    assert_eq!(people::set_password(&mut tx, ana.id, "changed", true, app.now()).await.unwrap(), 1);
    assert_eq!(people::set_active(&mut tx, ana.id, false, app.now()).await.unwrap(), 1);
    assert_eq!(people::set_active(&mut tx, UserId::new(), false, app.now()).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let account = people::account_by_id(&app.db, ana.id).await.unwrap();
    assert_eq!((&*account.password_hash, account.is_active), ("changed", false));
    let other = people::account_by_id(&app.db, luis.id).await.unwrap();
    assert!(other.is_active && other.password_hash != "changed");
});

both_dbs!(a_rolled_back_change_leaves_nothing, |app| {
    let ana = app.user("ana").insert().await;
    let mut tx = app.db.begin().await.unwrap();
    people::set_active(&mut tx, ana.id, false, app.now()).await.unwrap();
    drop(tx);
    assert!(people::account_by_id(&app.db, ana.id).await.unwrap().is_active);
});

both_dbs!(an_agent_reaches_supervisors_of_own_campaigns_alone, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Telefonica).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    app.user("beto").campaign(&own).insert().await;
    app.user("Luz").role(Role::Supervisor).campaign(&own).insert().await;
    app.user("Mario").role(Role::Supervisor).campaign(&other).insert().await;
    app.user("Nora").role(Role::Backoffice).campaign(&own).inactive().insert().await;
    assert_eq!(reachable(&app, &ana, "").await, ["Luz Ruiz"]);
    app.db.exec(sql!("update campaign set is_active = false where id = $1", own.id)).await.unwrap();
    assert_eq!(reachable(&app, &ana, "").await, [""; 0], "an inactive campaign joins nobody");
});

both_dbs!(the_search_finds_words_without_accents_in_order_of_name, |app| {
    let admin = app.user("Zoe").role(Role::Administrador).insert().await;
    app.user("José").last_name("Peña").insert().await;
    app.user("Íngrid").last_name("José Mora").insert().await;
    app.user("Majo").last_name("San").insert().await;
    app.user("Per%cent").last_name("Low_er").insert().await;
    assert_eq!(reachable(&app, &admin, "jose").await, ["Íngrid José Mora", "José Peña"], "any word of the name");
    assert_eq!(reachable(&app, &admin, "PENA jo").await, ["José Peña"], "every word that was typed");
    assert_eq!(reachable(&app, &admin, "r%").await, [""; 0], "a wildcard is a letter");
    assert_eq!(reachable(&app, &admin, "per%").await, ["Per%cent Low_er"]);
    assert_eq!(reachable(&app, &admin, "low_").await, ["Per%cent Low_er"]);
});

both_dbs!(a_page_of_people_says_whether_there_are_more, |app| {
    let admin = app.user("zoe").role(Role::Administrador).insert().await;
    for name in ["ana", "beto", "caro"] {
        app.user(name).insert().await;
    }
    let all = reach(Role::Administrador, false);
    let page = people::list_reachable(&app.db, admin.id, &all, "", 2).await.unwrap();
    assert_eq!((page.rows.len(), page.has_more), (2, true));
    let page = people::list_reachable(&app.db, admin.id, &all, "", 3).await.unwrap();
    assert_eq!((page.rows.len(), page.has_more), (3, false));
});

both_dbs!(campaign_names_and_members_count_what_is_active, |app| {
    let (one, two) = (app.campaign(Module::Core).await, app.campaign(Module::Calidad).await);
    let ana = app.user("ana").campaign(&one).campaign(&two).insert().await;
    let beto = app.user("beto").campaign(&one).insert().await;
    let idle = app.user("idle").campaign(&one).inactive().insert().await;
    let counts = people::count_campaign_members(&app.db, &[one.id, two.id]).await.unwrap();
    assert_eq!((counts.get(&one.id), counts.get(&two.id)), (Some(&2), Some(&1)));
    app.db.exec(sql!("update campaign set is_active = false where id = $1", two.id)).await.unwrap();
    let names = people::campaigns_of(&app.db, &[ana.id, beto.id, idle.id]).await.unwrap();
    assert_eq!(names.get(&ana.id), Some(&vec![one.name.clone()]));
    assert_eq!(names.get(&idle.id), Some(&vec![one.name]));
    assert!(people::campaigns_of(&app.db, &[]).await.unwrap().is_empty());
    assert!(people::count_campaign_members(&app.db, &[]).await.unwrap().is_empty());
});

both_dbs!(colleagues_share_an_active_campaign_and_are_active, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    for (name, campaign) in [("Zoe", &own), ("Beto", &own), ("Far", &other)] {
        app.user(name).campaign(campaign).insert().await;
    }
    app.user("Gone").campaign(&own).inactive().insert().await;
    let names = |rows: Vec<people::PersonRow>| rows.into_iter().map(|p| p.first_name).collect::<Vec<_>>();
    assert_eq!(names(people::list_colleagues(&app.db, ana.id, 10).await.unwrap()), ["Beto", "Zoe"]);
    assert_eq!(names(people::list_colleagues(&app.db, ana.id, 1).await.unwrap()), ["Beto"]);
    app.db.exec(sql!("update campaign set is_active = false where id = $1", own.id)).await.unwrap();
    assert!(people::list_colleagues(&app.db, ana.id, 10).await.unwrap().is_empty());
});

both_dbs!(sockets_hold_own_campaigns_and_administrators_hold_all, |app| {
    let (own, other) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let ana = app.user("ana").campaign(&own).insert().await;
    let admin = app.user("zoe").role(Role::Administrador).insert().await;
    let role = |campaign: &Campaign, role: Role| Topic::Role(campaign.id.0, role);
    let hers = [Topic::Campaign(own.id.0), Topic::role_anywhere(Role::Asesor), role(&own, Role::Asesor)];
    assert_eq!(app.held(ana.id).await, hers);
    let held = app.held(admin.id).await;
    assert_eq!(held.len(), 5, "{held:?}");
    for topic in
        [role(&own, Role::Administrador), role(&other, Role::Administrador), Topic::role_anywhere(Role::Administrador)]
    {
        assert!(held.contains(&topic), "{held:?}");
    }
    let may = |user: UserId, campaign: crea::ids::CampaignId, role: Option<Role>| {
        let db = app.db.clone();
        async move { people::shares_campaign(&db, user.0, campaign.0, role).await.unwrap() }
    };
    assert!(may(ana.id, own.id, None).await && may(ana.id, own.id, Some(Role::Asesor)).await);
    assert!(!may(ana.id, other.id, None).await, "another campaign");
    assert!(!may(ana.id, own.id, Some(Role::Supervisor)).await, "another role");
    assert!(may(admin.id, other.id, None).await);
    app.db.exec(sql!("update app_user set is_active = false where id = $1", ana.id)).await.unwrap();
    assert!(!may(ana.id, own.id, None).await, "a closed account");
    assert!(app.standing(ana.id).await.is_none());
});

both_dbs!(accounts_are_listed_page_by_page_in_order_of_e_mail, |app| {
    for email in ["c@crea.example", "A@crea.example", "b@crea.example"] {
        app.user("any").email(email).insert().await;
    }
    let first = people::list_accounts(&app.db, None, 2).await.unwrap();
    let emails: Vec<_> = first.rows.iter().map(|r| &*r.email).collect();
    assert_eq!((emails, first.has_more), (vec!["A@crea.example", "b@crea.example"], true));
    let rest = people::list_accounts(&app.db, Some("b@crea.example"), 2).await.unwrap();
    let emails: Vec<_> = rest.rows.iter().map(|r| &*r.email).collect();
    assert_eq!((emails, rest.has_more), (vec!["c@crea.example"], false));
});
