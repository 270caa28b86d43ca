-- Groups, mass messages and conversations about a record join the direct ones. The three tables are made anew, since
-- SQLite cannot change a check; children are dropped before their parents, and renaming carries the references along.

-- People who write to each other. A direct one is unique per unordered pair, one about a record per record.
create table new_conversation (
    id uuid primary key,
    kind text not null check (kind in ('direct', 'group', 'broadcast', 'record')),
    -- Name of a group, or of the record when it was last written in; empty for the other kinds.
    title text not null,
    created_by uuid not null references app_user (id),
    created_at timestamptz not null,
    campaign_id uuid references campaign (id),
    -- The smaller and the larger user id of a direct conversation.
    pair_low uuid references app_user (id),
    pair_high uuid references app_user (id),
    -- What a conversation about a record is about: 'campaign' and its id.
    record_kind text,
    record_id uuid,
    -- Number of the newest message; 0 without one. Locked to number the next.
    last_number bigint not null,
    last_message_at timestamptz,
    last_sender_id uuid references app_user (id),
    -- First words of the newest message.
    last_line text not null,
    unique (pair_low, pair_high),
    unique (record_kind, record_id)
);

-- Who takes part, and how far each has read. Recipients of a mass message are participants; its sender is not.
create table new_participant (
    conversation_id uuid not null references new_conversation (id),
    user_id uuid not null references app_user (id),
    -- What unread is counted from; marking as unread moves it back.
    last_read_number bigint not null,
    -- The furthest that was ever read, for receipts: never goes back.
    seen_number bigint not null,
    -- When seen_number last moved.
    seen_at timestamptz,
    -- First message that they may see: who joins a group later does not read what was said before.
    first_number bigint not null,
    is_muted boolean not null,
    -- When they pinned it; null: not pinned.
    pinned_at timestamptz,
    joined_at timestamptz not null,
    -- Copy of conversation.last_message_at (its creation before that): the order of a person's list.
    active_at timestamptz not null,
    -- Mass messages only: when it reached a screen of theirs, and when they confirmed it.
    received_at timestamptz,
    confirmed_at timestamptz,
    primary key (conversation_id, user_id)
);

-- One message. The client chooses its id, so that a retry cannot double it.
create table new_message (
    id uuid primary key,
    conversation_id uuid not null references new_conversation (id),
    -- 1, 2, 3 … without gaps in its conversation.
    number bigint not null,
    sender_id uuid not null references app_user (id),
    -- Empty only when files came with it; for a notice its argument: a name, a title.
    body text not null,
    -- What happened to the conversation, told in everyone's own language; never counted as unread.
    notice text check (notice in ('created', 'renamed', 'added', 'removed', 'left')),
    -- The message of the same conversation that it answers.
    quoted_id uuid references new_message (id),
    -- Decided at insertion under the conversation's lock: a new sender, a new day or five minutes of silence.
    starts_group boolean not null,
    -- Set on the first message of a local day: the day separator above it.
    starts_day date,
    created_at timestamptz not null,
    edited_at timestamptz,
    deleted_at timestamptz,
    unique (conversation_id, number)
);

insert into new_conversation (id, kind, title, created_by, created_at, campaign_id, pair_low, pair_high,
    last_number, last_message_at, last_sender_id, last_line)
select id, kind, '', created_by, created_at, campaign_id, pair_low, pair_high,
    last_number, last_message_at, last_sender_id, last_line
from conversation;

insert into new_participant (conversation_id, user_id, last_read_number, seen_number, seen_at, first_number,
    is_muted, joined_at, active_at)
select conversation_id, user_id, last_read_number, last_read_number, null, 1, is_muted, joined_at, active_at
from participant;

insert into new_message (id, conversation_id, number, sender_id, body, starts_group, starts_day, created_at,
    edited_at, deleted_at)
select id, conversation_id, number, sender_id, body, starts_group, starts_day, created_at, edited_at, deleted_at
from message;

drop table message;
drop table participant;
drop table conversation;
alter table new_conversation rename to conversation;
alter table new_participant rename to participant;
alter table new_message rename to message;

create index participant_user_id_idx on participant (user_id, active_at, conversation_id);
create index message_sender_id_idx on message (sender_id, created_at);
create index message_quoted_id_idx on message (quoted_id) where quoted_id is not null;
create index conversation_campaign_id_idx on conversation (campaign_id) where campaign_id is not null;
