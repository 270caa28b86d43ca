//! Lists are walked by several indexes and merged: read page by page, they hold what the rule says, in its order, once.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use crea::{
    auth::{Module, Role},
    db::Arg,
    ids::UserId,
    sql,
};
use uuid::Uuid;

use super::{desk, somebody};
use crate::harness::{Campaign, Client, TestApp, User, both_dbs};

/// Tickets: some pages for everybody.
const TICKETS: usize = 420;
const STATES: [&str; 5] = ["AB", "EP", "PE", "RS", "CE"];
const PRIORITIES: [&str; 4] = ["BA", "ME", "AL", "CR"];
const APPLICATIONS: [&str; 3] = ["CARTERA", "VICIDIAL", "OTRO"];

/// A ticket as the rule sees it.
struct Case {
    id: Uuid,
    number: usize,
    campaign: Uuid,
    requester: UserId,
    /// Opened by the first of the people.
    is_of_ana: bool,
    assignee: Option<UserId>,
    followers: Vec<UserId>,
    status: &'static str,
    urgency: usize,
    application: &'static str,
    reopened: bool,
    changed: DateTime<Utc>,
}

/// Somebody who looks, and the campaigns that they steer; all of them for whoever is staff of all.
struct Looks<'a> {
    who: &'a (User, Client),
    steers: Option<Vec<Uuid>>,
}

impl Looks<'_> {
    /// The rule: requester, assignee, followers and staff.
    fn reads(&self, case: &Case) -> bool {
        let me = self.who.0.id;
        let steers = self.steers.as_ref().is_none_or(|campaigns| campaigns.contains(&case.campaign));
        steers || case.requester == me || case.assignee == Some(me) || case.followers.contains(&me)
    }

    fn is_own(&self, case: &Case) -> bool {
        case.requester == self.who.0.id || case.assignee == Some(self.who.0.id)
    }
}

/// The next of `n` by chance, the same in every run.
fn chance(seed: &mut u64, n: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap() % n
}

fn cases(app: &TestApp, people: &[UserId], campaigns: &[Uuid]) -> Vec<Case> {
    let mut seed = 5;
    let mut one = |number: usize| {
        // Several of the same instant, and of nobody.
        let changed = app.now() - Duration::seconds(i64::try_from(chance(&mut seed, TICKETS / 3)).unwrap());
        let mut followers: Vec<UserId> =
            (0..chance(&mut seed, 3)).map(|_| people[chance(&mut seed, people.len())]).collect();
        followers.sort_unstable();
        followers.dedup();
        let id = Uuid::from_u128((u128::try_from(chance(&mut seed, 1 << 30)).unwrap() << 64) + number as u128);
        let campaign = campaigns[chance(&mut seed, campaigns.len())];
        let requester = people[chance(&mut seed, people.len())];
        Case {
            id,
            number,
            campaign,
            requester,
            is_of_ana: requester == people[0],
            assignee: people.get(chance(&mut seed, people.len() + 2)).copied(),
            followers,
            status: STATES[chance(&mut seed, STATES.len())],
            urgency: chance(&mut seed, PRIORITIES.len()) + 1,
            application: APPLICATIONS[chance(&mut seed, APPLICATIONS.len())],
            reopened: chance(&mut seed, 4) == 0,
            changed,
        }
    };
    (1..=TICKETS).map(&mut one).collect()
}

async fn insert(app: &TestApp, cases: &[Case]) {
    let ticket = |case: &Case| -> Vec<Arg> {
        let number = i64::try_from(case.number).unwrap();
        let urgency = i64::try_from(case.urgency).unwrap();
        let start: [Arg; 12] = [
            case.id.into(),
            number.into(),
            case.campaign.into(),
            case.number.to_string().into(),
            "".into(),
            case.application.into(),
            "IN".into(),
            PRIORITIES[case.urgency - 1].into(),
            urgency.into(),
            case.status.into(),
            case.requester.into(),
            case.assignee.into(),
        ];
        let rest = [case.changed.into(), case.changed.into(), case.changed.into(), i64::from(case.reopened).into()];
        start.into_iter().chain(rest).chain([60.into(), 0.into(), 1.into(), 1.into()]).collect()
    };
    let mut tx = app.db.begin().await.unwrap();
    for some in cases.chunks(100) {
        let insert = sql!(
            "insert into ticket (id, number, campaign_id, title, description, application, kind, priority, urgency, \
               status, requester_id, assignee_id, created_at, updated_at, respond_by, reopened, resolve_minutes, \
               minutes_used, last_entry, version) values "
        );
        tx.exec(insert.rows(some.iter().map(ticket))).await.unwrap();
    }
    let follows = cases.iter().flat_map(|case| case.followers.iter().map(|user| (case.id, *user)));
    let follows: Vec<Vec<Arg>> = follows.map(|(id, user)| vec![id.into(), user.into(), app.now().into()]).collect();
    for some in follows.chunks(100) {
        let insert = sql!("insert into ticket_follower (ticket_id, user_id, created_at) values ");
        tx.exec(insert.rows(some.iter().cloned())).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Every page of a list: the numbers of its tickets.
async fn all_pages(client: &Client, path: &str) -> Vec<usize> {
    let (mut found, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let page = client.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        found.extend(page.texts(".ticket-title").iter().map(|title| title.parse::<usize>().unwrap()));
        next = page.attrs("nav.pager a[rel=next]", "href").pop();
    }
    found
}

type Fits = fn(&Case, &Looks<'_>) -> bool;

fn is_open(case: &Case) -> bool {
    ["AB", "EP", "PE"].contains(&case.status)
}

/// What is asked for, and what it means.
const ASKED: [(&str, Fits); 23] = [
    ("", |case, _| is_open(case)),
    ("filtro=mios", |case, looks| looks.is_own(case) && case.status != "CE"),
    ("filtro=sin-asignar", |case, _| is_open(case) && case.assignee.is_none()),
    ("filtro=cerrados", |case, _| !is_open(case)),
    ("filtro=todos", |_, _| true),
    ("filtro=todos&sort=priority", |_, _| true),
    ("filtro=mios&sort=priority", |case, looks| looks.is_own(case) && case.status != "CE"),
    ("status=RS&status=EP", |case, _| ["RS", "EP"].contains(&case.status)),
    ("filtro=mios&status=CE", |_, _| false),
    ("filtro=todos&priority=CR&priority=BA", |case, _| [4, 1].contains(&case.urgency)),
    ("filtro=todos&priority=CR&priority=ME&sort=priority", |case, _| [4, 2].contains(&case.urgency)),
    ("application=VICIDIAL&priority=CR", |case, _| {
        is_open(case) && case.application == "VICIDIAL" && case.urgency == 4
    }),
    ("filtro=todos&reopened=1", |case, _| case.reopened),
    ("reopened=1&sort=priority", |case, _| is_open(case) && case.reopened),
    ("filtro=mios&reopened=1", |case, looks| looks.is_own(case) && case.status != "CE" && case.reopened),
    ("filtro=todos&requester=nobody", |_, _| false),
    ("filtro=todos&requester=ruiz", |_, _| true),
    ("filtro=todos&requester=ANA", |case, _| case.is_of_ana),
    ("filtro=sin-asignar&requester=ana&sort=priority", |case, _| {
        is_open(case) && case.assignee.is_none() && case.is_of_ana
    }),
    ("filtro=mios&requester=ana&reopened=1&priority=CR&priority=BA", |case, looks| {
        looks.is_own(case) && case.status != "CE" && case.is_of_ana && case.reopened && [4, 1].contains(&case.urgency)
    }),
    ("filtro=todos&assignee=yo", |case, looks| case.assignee == Some(looks.who.0.id)),
    ("filtro=todos&assignee=nadie&application=OTRO", |case, _| case.assignee.is_none() && case.application == "OTRO"),
    ("filtro=mios&assignee=nadie", |case, looks| looks.is_own(case) && case.status != "CE" && case.assignee.is_none()),
];

fn expected(cases: &[Case], looks: &Looks<'_>, query: &str, fits: Fits) -> Vec<usize> {
    let mut found: Vec<&Case> = cases.iter().filter(|case| looks.reads(case) && fits(case, looks)).collect();
    let is_urgent_first = query.contains("sort=priority");
    found
        .sort_by_key(|case| std::cmp::Reverse((if is_urgent_first { case.urgency } else { 0 }, case.changed, case.id)));
    found.into_iter().map(|case| case.number).collect()
}

both_dbs!(every_list_holds_what_the_rule_says_in_its_order_and_once, |app| {
    let desk = desk(&app).await;
    let (other, third): (Campaign, Campaign) = (app.campaign(Module::Core).await, app.campaign(Module::Core).await);
    let zoe = somebody(&app, "zoe", Role::Administrador, &other).await;
    let teo = somebody(&app, "teo", Role::Supervisor, &other).await;
    let (own, other, third) = (desk.campaign.id.0, other.id.0, third.id.0);
    let member = sql!(
        "insert into membership (campaign_id, user_id, created_at) values ($1, $2, $3), ($4, $2, $3)",
        third,
        teo.0.id,
        app.now(),
        own
    );
    app.db.exec(member).await.unwrap();
    // A campaign that is over is steered by nobody.
    app.db.exec(sql!("update campaign set is_active = false where id = $1", third)).await.unwrap();
    let people = [desk.ana.0.id, desk.sol.0.id, desk.luz.0.id, teo.0.id, zoe.0.id];
    let cases = cases(&app, &people, &[own, other, third]);
    insert(&app, &cases).await;
    let all = [
        Looks { who: &desk.ana, steers: Some(Vec::new()) },
        Looks { who: &desk.sol, steers: Some(Vec::new()) },
        Looks { who: &desk.rey, steers: Some(Vec::new()) },
        Looks { who: &desk.luz, steers: Some(vec![own]) },
        Looks { who: &teo, steers: Some(vec![own, other]) },
        Looks { who: &zoe, steers: None },
    ];
    for looks in &all {
        for (query, fits) in ASKED {
            let expected = expected(&cases, looks, query, fits);
            let found = all_pages(&looks.who.1, &format!("/tickets?{query}")).await;
            assert_eq!(found, expected, "{} asks for {query}", looks.who.0.name);
        }
        let page = looks.who.1.get("/tickets?filtro=todos&application=OTRO").await;
        let tabs = page.texts("nav.tabs .count");
        let counted = ["", "filtro=mios", "filtro=sin-asignar", "filtro=cerrados", "filtro=todos"].map(|tab| {
            let (query, fits) = ASKED.into_iter().find(|(query, _)| *query == tab).unwrap();
            expected(&cases, looks, query, fits).len().to_string()
        });
        assert_eq!(tabs, counted, "{}", looks.who.0.name);
        let about: Fits = |case, _| case.application == "OTRO";
        let total = expected(&cases, looks, "filtro=todos", about).len();
        let shown = page.texts("p.quiet[role=status]").pop().unwrap_or_default();
        assert!(shown.contains(&total.to_string()) || total == 0, "{}: {shown} is not {total}", looks.who.0.name);
        let board = looks.who.1.get("/tickets/board").await;
        for status in STATES {
            let shown: HashSet<String> =
                board.attrs(&format!("#board-{status} .board-card"), "data-card").into_iter().collect();
            let of_state = cases.iter().filter(|case| looks.reads(case) && case.status == status);
            let mut of_state: Vec<&Case> = of_state.collect();
            of_state.sort_by_key(|case| std::cmp::Reverse((case.changed, case.id)));
            let last: HashSet<String> = of_state.iter().take(50).map(|case| case.number.to_string()).collect();
            assert_eq!(shown, last, "{} in {status}", looks.who.0.name);
        }
    }
});
