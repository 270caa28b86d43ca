-- People who write to each other. A direct one is unique per unordered pair.
create table conversation (
    id uuid primary key,
    kind text not null check (kind in ('direct')),
    created_by uuid not null references app_user (id),
    created_at timestamptz not null,
    campaign_id uuid references campaign (id),
    -- The smaller and the larger user id of a direct conversation.
    pair_low uuid references app_user (id),
    pair_high uuid references app_user (id),
    -- Number of the newest message; 0 without one. Locked to number the next.
    last_number bigint not null,
    last_message_at timestamptz,
    last_sender_id uuid references app_user (id),
    -- First words of the newest message.
    last_line text not null,
    unique (pair_low, pair_high)
);

-- Who takes part, and how far each has read.
create table participant (
    conversation_id uuid not null references conversation (id),
    user_id uuid not null references app_user (id),
    last_read_number bigint not null,
    is_muted boolean not null,
    joined_at timestamptz not null,
    -- Copy of conversation.last_message_at (its creation before that): the order of a person's list.
    active_at timestamptz not null,
    primary key (conversation_id, user_id)
);
create index participant_user_id_idx on participant (user_id, active_at, conversation_id);

-- One message. The client chooses its id, so that a retry cannot double it.
create table message (
    id uuid primary key,
    conversation_id uuid not null references conversation (id),
    -- 1, 2, 3 … without gaps in its conversation.
    number bigint not null,
    sender_id uuid not null references app_user (id),
    body text not null,
    -- Decided at insertion under the conversation's lock: a new sender, a new day or five minutes of silence.
    starts_group boolean not null,
    -- Set on the first message of a local day: the day separator above it.
    starts_day date,
    created_at timestamptz not null,
    edited_at timestamptz,
    deleted_at timestamptz,
    unique (conversation_id, number)
);
create index message_sender_id_idx on message (sender_id, created_at);
