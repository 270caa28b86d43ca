-- What hangs on a message: what it said before, who reacted, who is named in it.

-- What a message said before it was edited or deleted; shown to nobody, kept for investigations until it is pruned.
create table message_revision (
    message_id uuid not null references message (id),
    -- 1, 2, 3 … per message, the oldest first.
    number bigint not null,
    body text not null,
    -- When it was replaced.
    replaced_at timestamptz not null,
    primary key (message_id, number)
);

-- A person's reaction to a message; a person may have several of different kinds.
create table reaction (
    message_id uuid not null references message (id),
    user_id uuid not null references app_user (id),
    -- views::chat::REACTIONS gives each its picture.
    kind text not null check (kind in ('like', 'love', 'laugh', 'wow', 'sad', 'thanks', 'done', 'eyes')),
    created_at timestamptz not null,
    primary key (message_id, user_id, kind)
);
create index reaction_user_id_idx on reaction (user_id, created_at);

-- A person whom a message names with "@". Found by the server when it is stored.
create table mention (
    message_id uuid not null references message (id),
    user_id uuid not null references app_user (id),
    -- The name as it was then written, without the "@": it is found again when people are renamed.
    name text not null,
    primary key (message_id, user_id)
);
create index mention_user_id_idx on mention (user_id, message_id);

-- Whether the newest message was deleted: then last_line is empty, and lists say so in each one's language.
alter table conversation add column last_is_deleted boolean not null default false;
