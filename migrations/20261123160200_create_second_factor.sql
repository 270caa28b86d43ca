-- A person's second factor (TOTP, RFC 6238). No row: none.
create table second_factor (
    user_id uuid primary key references app_user (id),
    -- The shared secret, sealed with SECRET_KEY for this person.
    sealed text not null,
    -- The newest time step (30 s since 1970) whose code was taken: a code works once.
    last_step bigint not null,
    created_at timestamptz not null,
    -- When a first code proved that the person has it; null while enrolling.
    confirmed_at timestamptz
);

-- Codes for who has lost the device; shown once.
create table recovery_code (
    id uuid primary key,
    user_id uuid not null references app_user (id),
    -- Digest keyed with SECRET_KEY, hex.
    code_hash text not null,
    created_at timestamptz not null,
    used_at timestamptz
);
create index recovery_code_user_id_idx on recovery_code (user_id, code_hash);

-- Which photo of a person is shown, part of its address; 0: none.
alter table app_user add column photo_version bigint not null default 0;
