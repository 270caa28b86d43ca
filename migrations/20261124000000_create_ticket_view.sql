-- Filters of the list of tickets that somebody keeps under a name.
create table ticket_view (
    -- The browser chooses it, so that a retry keeps one.
    id uuid primary key,
    owner_id uuid not null references app_user (id),
    name text not null,
    -- What stands after the `?` of the list's address: filter, order and columns.
    query text not null,
    -- Whether all who serve tickets see it. Made by supervisors and administrators.
    is_shared boolean not null,
    created_at timestamptz not null
);
create index ticket_view_owner_id_idx on ticket_view (owner_id);
create index ticket_view_shared_idx on ticket_view (name, id) where is_shared;
