-- How much of something a person did lately: one row each, so that many requests at once take turns and are all counted.
create table pace (
    user_id uuid not null references app_user (id),
    -- crate::pace::Pace: message, edit, reaction, draft, search, upload, export.
    what text not null,
    -- When the window began in which `amount` was counted; the first act after its end begins another.
    started_at timestamptz not null,
    -- Acts, or bytes of uploads.
    amount bigint not null,
    primary key (user_id, what)
);
