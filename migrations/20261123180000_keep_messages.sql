-- Work that is done once a day, by one of the instances.
create table nightly (
    name text primary key,
    -- The day whose work was last taken up.
    day date not null,
    claimed_at timestamptz not null,
    -- Null while it goes on; when its instance died, another takes it up an hour later.
    done_at timestamptz
);

-- What retention finds first.
create index message_created_at_idx on message (created_at);
