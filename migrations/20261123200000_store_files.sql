-- Files of every feature in one table; what a feature does with one stands in a table of its own.

-- One file that somebody brought. The row is there before its object and goes after it, so that no object is ever forgotten.
create table stored_file (
    id uuid primary key,
    uploader_id uuid not null references app_user (id),
    -- For which use: 'chat', 'ticket'. The code has them all (files::Purpose); a check could not grow on SQLite.
    purpose text not null,
    -- For which conversation, which ticket. The purpose tells of which table, so none is referenced.
    place_id uuid not null,
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
    stored_at timestamptz,
    -- When a message or a ticket took it; null: it waits for that, and housekeeping removes it after a day.
    claimed_at timestamptz
);

insert into stored_file (id, uploader_id, purpose, place_id, name, content_type, object_key, thumbnail_key, size_bytes,
    sha256, width, height, created_at, stored_at, claimed_at)
select a.id, a.uploader_id, 'chat', a.conversation_id, a.name, a.content_type, a.object_key, a.thumbnail_key,
    a.size_bytes, a.sha256, a.width, a.height, a.created_at, a.stored_at, m.created_at
from attachment a left join message m on m.id = a.message_id;

-- A file that was sent with a message. Its id and its address stay what they were.
create table new_attachment (
    file_id uuid primary key references stored_file (id) on delete cascade,
    -- Null when retention has deleted the message: housekeeping then removes the file.
    message_id uuid references message (id) on delete set null
);

insert into new_attachment (file_id, message_id)
select id, message_id from attachment where message_id is not null;

drop table attachment;
alter table new_attachment rename to attachment;

create index stored_file_waiting_idx on stored_file (created_at) where claimed_at is null;
create index stored_file_place_id_uploader_id_idx on stored_file (place_id, uploader_id) where claimed_at is null;
create index stored_file_uploader_id_claimed_at_idx on stored_file (uploader_id, claimed_at);
create index attachment_message_id_idx on attachment (message_id) where message_id is not null;
create index attachment_orphan_idx on attachment (file_id) where message_id is null;
