-- A mass message: a conversation of kind 'broadcast' with one message and its recipients as participants.
create table broadcast (
    conversation_id uuid primary key references conversation (id),
    -- Who sends it; no participant, so that nothing is unread for them.
    sender_id uuid not null references app_user (id),
    importance text not null check (importance in ('normal', 'important', 'critical')),
    -- Whether recipients are asked to confirm; always for critical ones.
    asks_confirmation boolean not null,
    state text not null check (state in ('scheduled', 'sent', 'cancelled')),
    -- Whom it is for, as chosen: {"everyone", "campaigns", "roles", "people"}. Becomes recipients when it is sent.
    audience jsonb not null,
    -- What it says, as written; the message holds what was sent.
    body text not null,
    created_at timestamptz not null,
    -- When it is to be sent; its creation for those sent at once.
    due_at timestamptz not null,
    sent_at timestamptz,
    -- From when on it asks for nothing; critical ones always have one.
    expires_at timestamptz,
    -- When screens were told so.
    expired_at timestamptz,
    -- When those who had not confirmed (or read) were last reminded.
    reminded_at timestamptz,
    -- How many people it reached; 0 before.
    recipients bigint not null
);
create index broadcast_sender_id_idx on broadcast (sender_id, created_at, conversation_id);
create index broadcast_created_at_idx on broadcast (created_at, conversation_id);
create index broadcast_sent_at_idx on broadcast (sent_at) where sent_at is not null;
create index broadcast_due_at_idx on broadcast (due_at) where state = 'scheduled';
create index broadcast_expires_at_idx on broadcast (expires_at) where state = 'sent' and expired_at is null;
