-- What nobody works on, by the application whose people could: the most urgent first, of these the oldest.
create index ticket_backlog_idx on ticket (application, urgency, created_at, id)
    where assignee_id is null and status in ('AB', 'EP', 'PE');
