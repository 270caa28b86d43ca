-- What the figures of tickets are read from: sums that every change of a ticket keeps, in its own transaction, so that
-- nobody counts tickets to draw a page. An empty table is filled from the tickets when an instance starts.
create table ticket_tally (
    campaign_id uuid not null references campaign (id),
    -- Who works on them; the nil id for those of nobody.
    assignee_id uuid not null,
    status text not null check (status in ('AB', 'EP', 'PE', 'RS', 'CE')),
    priority text not null check (priority in ('BA', 'ME', 'AL', 'CR')),
    tickets bigint not null,
    -- Of these, how many were opened again.
    reopened bigint not null,
    -- How many somebody answered, and after how many minutes in all.
    answered bigint not null,
    answer_minutes bigint not null,
    -- How many were resolved, after how many minutes in all, and how many of them within their hours of service.
    resolved bigint not null,
    resolve_minutes bigint not null,
    in_time bigint not null,
    primary key (campaign_id, assignee_id, status, priority)
);
create index ticket_tally_assignee_id_idx on ticket_tally (assignee_id);
