-- Links that are mailed or shown once: invitation, password reset, change of address. A link holds the token, this
-- table only its digest.
create table account_token (
    id uuid primary key,
    user_id uuid not null references app_user (id),
    purpose text not null check (purpose in ('invitation', 'reset', 'email')),
    -- SHA-256 of the token, hex.
    token_hash text not null unique,
    -- What the link is about besides the person, as an object: the new address.
    data jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- When it was used, or a newer one took its place.
    used_at timestamptz
);
create index account_token_user_id_idx on account_token (user_id, purpose, created_at);
create index account_token_expires_at_idx on account_token (expires_at);
