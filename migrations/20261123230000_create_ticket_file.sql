-- A file of a ticket: sent with the ticket itself (its first entry) or with something said in it.
create table ticket_file (
    file_id uuid primary key references stored_file (id) on delete cascade,
    entry_id uuid not null references ticket_entry (id)
);
create index ticket_file_entry_id_idx on ticket_file (entry_id);
