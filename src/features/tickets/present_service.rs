//! Pools and hours of service → what administrators see.

use views::{
    text::{Locale, t},
    tickets::{PoolMemberView, PoolView, PromiseView, ServiceView},
};

use super::{
    model::{Application, Priority, Promise},
    queries::PoolRow,
};

/// The page.
pub fn service(promises: &[(Priority, Promise)], pools: &[PoolRow]) -> ServiceView {
    let promise = |(priority, promise): &(Priority, Promise)| PromiseView {
        priority: priority.code().to_owned(),
        respond: (promise.respond_minutes / 60).to_string(),
        resolve: (promise.resolve_minutes / 60).to_string(),
    };
    let pool = |application: &Application| PoolView {
        application: application.code().to_owned(),
        members: pools.iter().filter(|row| row.application == *application).map(member).collect(),
        new: PoolMemberView { weight: "1".to_owned(), is_active: true, has_account: true, ..PoolMemberView::default() },
    };
    ServiceView {
        promises: promises.iter().map(promise).collect(),
        drawn: drawn(promises),
        pools: Application::ALL.iter().map(pool).collect(),
        ..ServiceView::default()
    }
}

/// What a form was drawn from, so that nobody writes over what they have not seen.
pub fn drawn(promises: &[(Priority, Promise)]) -> String {
    let parts = promises.iter().map(|(_, promise)| format!("{}-{}", promise.respond_minutes, promise.resolve_minutes));
    parts.collect::<Vec<_>>().join(" ")
}

/// The same of somebody's part in a pool.
pub fn drawn_load((weight, capacity, is_active): (i64, Option<i64>, bool)) -> String {
    format!("{weight}-{}-{is_active}", capacity.map(|most| most.to_string()).unwrap_or_default())
}

/// Somebody else promised other hours meanwhile: theirs beside what was typed, which is stored when it is sent again.
pub fn promises_differ(l: Locale, view: &mut ServiceView, typed: impl Fn(&str) -> String) {
    for promise in &mut view.promises {
        let code = promise.priority.clone();
        for (name, key, value) in [
            ("respond", "ticket_service.respond", &mut promise.respond),
            ("resolve", "ticket_service.resolve", &mut promise.resolve),
        ] {
            let mine = typed(&format!("{name}_{code}"));
            if mine != *value {
                let label = format!("{} · {}", t(l, &format!("tickets.priority.{code}")), t(l, key));
                view.conflict.push((label, std::mem::replace(value, mine.clone()), mine));
            }
        }
    }
}

/// The same of somebody's part in a pool.
pub fn load_differs(l: Locale, view: &mut ServiceView, application: Application, mut typed: PoolMemberView) {
    let pool = view.pools.iter().find(|pool| pool.application == application.code());
    let Some(theirs) = pool.and_then(|pool| pool.members.iter().find(|member| member.id == typed.id)) else { return };
    let word = |is_active| t(l, if is_active { "ticket_service.active" } else { "ticket_service.inactive" }).to_owned();
    let both = [
        ("ticket_service.weight", theirs.weight.clone(), typed.weight.clone()),
        ("ticket_service.capacity", theirs.capacity.clone(), typed.capacity.clone()),
        ("ticket_service.active", word(theirs.is_active), word(typed.is_active)),
    ];
    let differing = both.into_iter().filter(|(_, theirs, mine)| theirs != mine);
    typed.conflict = differing.map(|(key, theirs, mine)| (t(l, key).to_owned(), theirs, mine)).collect();
    typed.drawn.clone_from(&theirs.drawn);
    put_typed(view, application, typed);
}

/// Puts what was typed, and what is wrong with it, where it was typed.
pub fn put_typed(view: &mut ServiceView, application: Application, typed: PoolMemberView) {
    let Some(pool) = view.pools.iter_mut().find(|pool| pool.application == application.code()) else { return };
    match pool.members.iter_mut().find(|member| member.id == typed.id) {
        Some(member) => {
            let (name, open, has_account) = (member.name.clone(), member.open, member.has_account);
            *member = PoolMemberView { name, open, has_account, ..typed };
        }
        None => pool.new = PoolMemberView { id: String::new(), ..typed },
    }
}

fn member(row: &PoolRow) -> PoolMemberView {
    PoolMemberView {
        id: row.user_id.to_string(),
        name: row.name.clone(),
        has_account: row.has_account,
        weight: row.weight.to_string(),
        capacity: row.capacity.map(|most| most.to_string()).unwrap_or_default(),
        is_active: row.is_active,
        open: row.open,
        drawn: drawn_load((row.weight, row.capacity, row.is_active)),
        ..PoolMemberView::default()
    }
}
