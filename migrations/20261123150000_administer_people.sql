-- What administrators keep of people.

-- The agent's user in the operator's platform.
alter table app_user add column greta_user text not null default '';
-- The agent's user in the dialler.
alter table app_user add column c8_user text not null default '';
alter table app_user add column phone text not null default '';
-- Rises with every change of what the administration shows; a form sends the one that it was drawn with.
alter table app_user add column version bigint not null default 1;
-- When they last signed in; null when never.
alter table app_user add column signed_in_at timestamptz;
-- When they were last invited to set a first password; null once they did, or when it was taken back. Who has one and is
-- not active counts as invited.
alter table app_user add column invited_at timestamptz;
create index app_user_signed_in_at_idx on app_user (signed_in_at, id);
create index app_user_role_idx on app_user (role, is_active);
