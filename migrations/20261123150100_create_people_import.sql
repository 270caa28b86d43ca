-- A file of people that was uploaded, read and checked; importing takes its good rows.
create table people_import (
    id uuid primary key,
    created_by uuid not null references app_user (id),
    created_at timestamptz not null,
    file_name text not null,
    state text not null check (state in ('checked', 'running', 'done')),
    -- When whoever imports it last wrote; an import that stands still is taken up by the next click.
    beat_at timestamptz
);
create index people_import_created_by_idx on people_import (created_by);
create index people_import_created_at_idx on people_import (created_at);

-- A row of the file.
create table people_import_row (
    import_id uuid not null references people_import (id),
    -- As the spreadsheet numbers it; the head is 1.
    number bigint not null,
    -- What was understood, as the form of a user has it.
    fields jsonb not null,
    -- Pairs of field and text key; empty for a good row.
    errors jsonb not null,
    is_valid boolean not null,
    -- Whom it made.
    user_id uuid references app_user (id),
    primary key (import_id, number)
);
create index people_import_row_user_id_idx on people_import_row (user_id);
create index people_import_row_valid_idx on people_import_row (import_id, is_valid, number);
