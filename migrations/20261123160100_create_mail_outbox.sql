-- Mail, written in the transaction of what it tells about and sent afterwards by any instance.
create table mail_outbox (
    id uuid primary key,
    to_address text not null,
    subject text not null,
    -- Both bodies are emptied once the mail is sent or given up: they may hold a link that signs somebody in.
    body_text text not null,
    body_html text not null,
    state text not null check (state in ('waiting', 'sent', 'failed')),
    -- Tries so far.
    attempts bigint not null,
    -- When it may be tried next; moved ahead by whoever is trying, so that nobody else does meanwhile.
    due_at timestamptz not null,
    -- What the last try met; never holds the mail.
    error text not null,
    created_at timestamptz not null,
    -- When it was sent or given up.
    ended_at timestamptz
);
create index mail_outbox_due_at_idx on mail_outbox (due_at, id) where state = 'waiting';
create index mail_outbox_created_at_idx on mail_outbox (created_at);
