-- A unit of work that gives its members one module of the product.
create table campaign (
    id uuid primary key,
    -- What people and files call it; seed data, never a constant in code.
    code text not null unique,
    name text not null,
    description text not null,
    module text not null check (module in ('core', 'telefonica', 'tarjeta_plata', 'calidad')),
    -- IANA name; a record of this campaign shows, and computes "today", in it.
    time_zone text not null,
    -- ISO 4217.
    currency text not null,
    -- Working hours and holidays, as an object.
    calendar jsonb not null,
    is_active boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- A person with an account. Never deleted: records point at it.
create table app_user (
    id uuid primary key,
    email text not null,
    -- Lower case; who signs in types either this or the document.
    email_folded text not null unique,
    -- National id, digits and letters as issued.
    document text unique,
    first_name text not null,
    last_name text not null,
    -- Both names, lower case, without accents: for search and sorting.
    name_folded text not null,
    role text not null check (role in ('asesor', 'backoffice', 'supervisor', 'calidad', 'administrador')),
    is_superuser boolean not null,
    is_active boolean not null,
    -- PHC string (argon2id).
    password_hash text not null,
    must_change_password boolean not null,
    locale text not null,
    theme text not null,
    density text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index app_user_name_folded_idx on app_user (name_folded, id);

-- Who works in which campaign.
create table membership (
    campaign_id uuid not null references campaign (id),
    user_id uuid not null references app_user (id),
    created_at timestamptz not null,
    primary key (campaign_id, user_id)
);
create index membership_user_id_idx on membership (user_id, campaign_id);

-- A signed-in browser. The cookie holds the token, this table only its digest.
create table session (
    id uuid not null unique,
    -- SHA-256 of the cookie's token, hex.
    id_hash text primary key,
    -- Null until somebody has signed in with it.
    user_id uuid references app_user (id),
    -- The session layer's record, JSON.
    data text not null,
    ip text not null,
    user_agent text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    -- Absolute: sign-in plus SESSION_HOURS.
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index session_user_id_idx on session (user_id, expires_at);
create index session_expires_at_idx on session (expires_at);

-- Tries to sign in, counted for throttling; kept one day.
create table sign_in_attempt (
    id uuid primary key,
    -- SHA-256 of what was typed as e-mail or document, folded: an account need not exist.
    account_hash text not null,
    ip text not null,
    is_failure boolean not null,
    at timestamptz not null
);
create index sign_in_attempt_account_hash_idx on sign_in_attempt (account_hash, at);
create index sign_in_attempt_ip_idx on sign_in_attempt (ip, at);

-- What an agent is doing now. A row here and an event on every screen.
create table agent_state (
    user_id uuid primary key references app_user (id),
    state text not null check (state in ('available', 'on_call', 'break', 'away')),
    -- Why, for a break only.
    reason text check (reason in ('lunch', 'rest', 'training', 'bathroom', 'meeting', 'other')),
    since_at timestamptz not null,
    -- State and reason to return to after 'away'.
    resume_state text,
    resume_reason text
);

-- Who did what, from where, before and after. Append-only.
create table audit_log (
    id uuid primary key,
    at timestamptz not null,
    -- Null for commands run on the machine.
    actor_id uuid references app_user (id),
    ip text not null,
    action text not null,
    entity text not null,
    entity_id uuid,
    before jsonb not null,
    after jsonb not null
);
create index audit_log_at_idx on audit_log (at, id);
create index audit_log_entity_idx on audit_log (entity, entity_id, at);

-- What administrators change while the server runs.
create table setting (
    key text primary key,
    value jsonb not null,
    updated_at timestamptz not null
);
