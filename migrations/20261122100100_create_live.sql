-- Rows that give out gapless numbers. 'events' numbers the outbox.
create table counter (
    name text primary key,
    n bigint not null
);
insert into counter (name, n) values ('events', 0);

-- The outbox: what every screen was told, in commit order.
create table events (
    -- Gapless, and equal to commit order.
    seq bigint primary key,
    -- Audience, as text (see live/topic.rs).
    topic text not null,
    -- 'fragment' has html, 'control' has control.
    kind text not null check (kind in ('fragment', 'control')),
    html_es text not null,
    html_en text not null,
    -- Instructions to the hub, and what the event adds to unread counts.
    control jsonb not null,
    created_at timestamptz not null
);
create index events_topic_idx on events (topic, seq);
create index events_created_at_idx on events (created_at, seq);

-- Writes that were answered, so that a retry gets the same answer.
create table idempotency (
    user_id uuid not null references app_user (id),
    key text not null,
    route text not null,
    -- SHA-256 of the fields, hex: the same key with another body is a conflict.
    body_hash text not null,
    result_id uuid not null,
    created_at timestamptz not null,
    primary key (user_id, key)
);
create index idempotency_created_at_idx on idempotency (created_at);

-- Who is connected to which instance, for instances that share no Redis.
create table presence (
    instance_id uuid not null,
    user_id uuid not null references app_user (id),
    seen_at timestamptz not null,
    primary key (instance_id, user_id)
);
create index presence_seen_at_idx on presence (seen_at);
