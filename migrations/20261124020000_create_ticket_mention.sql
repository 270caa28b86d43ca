-- Whom a comment or note names: those who were told. A name that is not here is text.
create table ticket_mention (
    entry_id uuid not null references ticket_entry (id),
    user_id uuid not null references app_user (id),
    -- As the text writes it, without the sign.
    name text not null,
    primary key (entry_id, user_id)
);
create index ticket_mention_user_id_idx on ticket_mention (user_id);
