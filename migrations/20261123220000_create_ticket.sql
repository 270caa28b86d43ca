-- Tickets: whoever works here asks for help about an application, and support answers.

-- Hours of service by priority, in working minutes of the ticket's campaign. Administrators may change them.
create table ticket_sla (
    priority text primary key check (priority in ('BA', 'ME', 'AL', 'CR')),
    -- Until somebody answers.
    respond_minutes bigint not null,
    -- Until it is solved.
    resolve_minutes bigint not null
);
insert into ticket_sla (priority, respond_minutes, resolve_minutes)
    values ('CR', 60, 240), ('AL', 120, 480), ('ME', 480, 1440), ('BA', 1440, 4320);

insert into counter (name, n) values ('tickets', 0);

create table ticket (
    id uuid primary key,
    -- What people say: #123. From the row 'tickets' of counter, in the order in which they are opened, without holes.
    number bigint not null unique,
    -- Whose supervisors are its staff, and whose hours count.
    campaign_id uuid not null references campaign (id),
    title text not null,
    description text not null,
    application text not null
        check (application in ('CARTERA', 'TELEFONICA', 'VICIDIAL', 'TARJETA_PLATA', 'CALIDAD', 'OTRO')),
    kind text not null check (kind in ('IN', 'RQ')),
    priority text not null check (priority in ('BA', 'ME', 'AL', 'CR')),
    -- 1 (low) to 4 (critical): the priority as a number, to sort and to weigh by.
    urgency bigint not null,
    status text not null check (status in ('AB', 'EP', 'PE', 'RS', 'CE')),
    requester_id uuid not null references app_user (id),
    assignee_id uuid references app_user (id),
    created_at timestamptz not null,
    -- Comments touch it, too.
    updated_at timestamptz not null,
    first_response_at timestamptz,
    -- When it was first resolved and closed; a reopened one has neither.
    resolved_at timestamptz,
    closed_at timestamptz,
    -- When a resolved one closes by itself.
    closes_at timestamptz,
    -- Until when somebody is to answer; its copy of the hours of service does not change with them.
    respond_by timestamptz not null,
    -- Working minutes that it may take, and has taken until its clock last stopped or began to run.
    resolve_minutes bigint not null,
    minutes_used bigint not null,
    -- Since when the clock runs; null while it stands (waits for a third party, resolved, closed).
    clock_since timestamptz,
    -- When those minutes will be over; null while the clock stands.
    resolve_by timestamptz,
    -- How often it was opened again.
    reopened bigint not null,
    -- The number of the last row of its timeline.
    last_entry bigint not null,
    -- Rises with every change, not with comments.
    version bigint not null
);
create index ticket_updated_at_idx on ticket (updated_at, id);
create index ticket_open_idx on ticket (updated_at, id) where status in ('AB', 'EP', 'PE');
create index ticket_requester_id_idx on ticket (requester_id, updated_at, id);
create index ticket_assignee_id_idx on ticket (assignee_id, updated_at, id);
create index ticket_campaign_id_idx on ticket (campaign_id, updated_at, id);
create index ticket_urgency_idx on ticket (urgency, updated_at, id);
create index ticket_closes_at_idx on ticket (closes_at) where closes_at is not null;

-- What was said and what was changed, in one order. Rows are only ever added.
create table ticket_entry (
    id uuid primary key,
    ticket_id uuid not null references ticket (id),
    -- 1, 2, 3 … of its ticket.
    number bigint not null,
    -- Null: it happened by itself.
    author_id uuid references app_user (id),
    -- A note is read by staff alone.
    kind text not null check (kind in ('comment', 'note', 'change')),
    -- What was written; empty for a change.
    body text not null,
    -- What changed: created, status, priority, assignee, kind, application, title, description; empty otherwise.
    field text not null,
    -- Codes, or what people read where there is no code.
    old_value text not null,
    new_value text not null,
    -- Why: asked for by some changes of state.
    reason text not null,
    created_at timestamptz not null,
    unique (ticket_id, number)
);
create index ticket_entry_author_id_idx on ticket_entry (author_id);

-- Who may read a ticket and hears of it beside requester, assignee and staff.
create table ticket_follower (
    ticket_id uuid not null references ticket (id),
    user_id uuid not null references app_user (id),
    created_at timestamptz not null,
    primary key (ticket_id, user_id)
);
create index ticket_follower_user_id_idx on ticket_follower (user_id, ticket_id);

-- Who serves an application, and how tickets are shared among them.
create table ticket_pool (
    application text not null
        check (application in ('CARTERA', 'TELEFONICA', 'VICIDIAL', 'TARJETA_PLATA', 'CALIDAD', 'OTRO')),
    user_id uuid not null references app_user (id),
    -- Somebody of weight 2 gets twice as much as somebody of weight 1; 1 to 10.
    weight bigint not null,
    -- Open tickets above which nothing is given to them by itself; null: no limit.
    capacity bigint,
    is_active boolean not null,
    last_assigned_at timestamptz,
    primary key (application, user_id)
);
create index ticket_pool_user_id_idx on ticket_pool (user_id);
