-- The kind of notice that the newest line is, null for a message: lists tell it in everyone's own language.
alter table conversation add column last_notice text;

-- Pinned conversations of a person, in a list of their own.
create index participant_user_id_pinned_at_idx on participant (user_id, pinned_at) where pinned_at is not null;
