-- Files that people send with messages, and what they have written but not sent.

-- One file of a message. The row is there before its object and goes after it, so that no object is ever forgotten.
create table attachment (
    id uuid primary key,
    conversation_id uuid not null references conversation (id),
    uploader_id uuid not null references app_user (id),
    -- Null until it is sent, and again when retention has deleted the message: housekeeping then removes the file.
    message_id uuid references message (id) on delete set null,
    -- As people read it: cleaned, with an ending that fits the content. Never part of a key.
    name text not null,
    -- Told by the content, not by the name.
    content_type text not null,
    -- Keys in the storage.
    object_key text not null,
    -- Null: not a picture that can be shown small.
    thumbnail_key text,
    -- 0 until the object is stored.
    size_bytes bigint not null,
    -- In hex; empty until the object is stored.
    sha256 text not null,
    -- Of the picture as it is to be seen, in pixels.
    width bigint,
    height bigint,
    created_at timestamptz not null,
    -- When its bytes were all there; null: it can be neither sent nor read.
    stored_at timestamptz
);
create index attachment_message_id_idx on attachment (message_id) where message_id is not null;
create index attachment_unsent_idx on attachment (created_at) where message_id is null;
create index attachment_conversation_id_uploader_id_idx on attachment (conversation_id, uploader_id)
    where message_id is null;
create index attachment_uploader_id_idx on attachment (uploader_id);

-- What a person has written in a conversation and not sent: shown when they open it on another device.
create table draft (
    user_id uuid not null references app_user (id),
    conversation_id uuid not null references conversation (id),
    -- At most 4,000 characters, never empty.
    body text not null,
    updated_at timestamptz not null,
    primary key (user_id, conversation_id)
);
create index draft_conversation_id_idx on draft (conversation_id);
