-- Tickets that have to do with each other. Who may not read the other one sees nothing of it.
create table ticket_link (
    ticket_id uuid not null references ticket (id),
    other_id uuid not null references ticket (id),
    -- The ticket has to do with the other, stands in its way, or is a duplicate of it.
    kind text not null check (kind in ('related', 'blocks', 'duplicate')),
    created_at timestamptz not null,
    primary key (ticket_id, other_id),
    check (ticket_id <> other_id)
);
create index ticket_link_other_id_idx on ticket_link (other_id);

-- The ticket in which this one goes on, while it is closed as a duplicate.
alter table ticket add column merged_into_id uuid references ticket (id);
