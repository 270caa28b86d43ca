-- Something that has to be looked at when its time comes: a due time, a call-back, a follow-up.
create table alarm (
    id uuid primary key,
    -- What the feature that set it calls it: 'ticket.resolution'.
    kind text not null,
    -- What it is about: one alarm of a kind stands for a subject.
    subject_id uuid not null,
    -- What it says: a key of views/i18n and an object with the values of its placeholders.
    text_key text not null,
    args jsonb not null,
    -- Where it leads.
    href text not null,
    due_at timestamptz not null,
    -- When the first of its people said that they know.
    acknowledged_at timestamptz,
    -- When it was cancelled, or another due time took its place.
    ended_at timestamptz,
    created_at timestamptz not null
);
create unique index alarm_subject_idx on alarm (kind, subject_id) where ended_at is null;
create index alarm_subject_id_idx on alarm (subject_id);
create index alarm_created_at_idx on alarm (created_at);

-- Whom it rings for. An escalation is a row that is due later; the first acknowledgement takes it away.
create table alarm_recipient (
    alarm_id uuid not null references alarm (id),
    user_id uuid not null references app_user (id),
    is_escalation boolean not null,
    -- When it rings for this person: the alarm's due time, the escalation's, or the end of a snooze.
    due_at timestamptz not null,
    -- When it rang. Whoever sets it has claimed it; a snooze clears it.
    rung_at timestamptz,
    is_snoozed boolean not null,
    acknowledged_at timestamptz,
    primary key (alarm_id, user_id)
);
create index alarm_recipient_due_at_idx on alarm_recipient (due_at, alarm_id, user_id)
    where rung_at is null and acknowledged_at is null;
create index alarm_recipient_user_id_idx on alarm_recipient (user_id, due_at) where acknowledged_at is null;
create index alarm_recipient_acknowledged_idx on alarm_recipient (user_id, acknowledged_at, alarm_id)
    where acknowledged_at is not null;
create index alarm_recipient_acknowledged_at_idx on alarm_recipient (acknowledged_at) where acknowledged_at is not null;
