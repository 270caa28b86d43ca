-- What administrators keep of people, and how accounts are handed over.

-- The agent's user in the operator's platform.
alter table app_user add column greta_user text not null default '';
-- The agent's user in the dialler.
alter table app_user add column c8_user text not null default '';
alter table app_user add column phone text not null default '';
-- Rises with every change of what the administration shows; a form sends the one that it was drawn with.
alter table app_user add column version bigint not null default 1;
-- When they last signed in; null when never.
alter table app_user add column signed_in_at timestamptz;
create index app_user_signed_in_at_idx on app_user (signed_in_at, id);
create index app_user_role_idx on app_user (role, is_active);

-- A link with which a person sets their first password. Who has an open one and is not active counts as invited.
create table invitation (
    id uuid primary key,
    user_id uuid not null references app_user (id),
    -- SHA-256 of the link's token, hex: a copy of the table lets nobody in.
    token_hash text not null unique,
    -- Null for a command run on the machine.
    created_by uuid references app_user (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- When a password was set with it: it works once.
    used_at timestamptz,
    -- When it was taken back, or replaced by a newer one.
    revoked_at timestamptz
);
create index invitation_user_id_idx on invitation (user_id, created_at);
create index invitation_created_by_idx on invitation (created_by);
