-- Each way of reading tickets has an index that begins with whose they are and the state, goes on in the order of the list,
-- and holds what filters ask for: a page is walked in it until it is full, and what is counted is counted in it, without
-- a look at the tickets. They take the place of those that had the order alone.
drop index ticket_updated_at_idx;
drop index ticket_open_idx;
drop index ticket_urgency_idx;
drop index ticket_requester_id_idx;
drop index ticket_assignee_id_idx;
drop index ticket_campaign_id_idx;

create index ticket_status_idx on ticket
    (status, updated_at, id, campaign_id, requester_id, assignee_id, application, priority, kind, reopened, created_at, urgency);
create index ticket_status_urgency_idx on ticket
    (status, urgency, updated_at, id, campaign_id, requester_id, assignee_id, application, priority, kind, reopened, created_at);
create index ticket_campaign_id_idx on ticket
    (campaign_id, status, updated_at, id, requester_id, assignee_id, application, priority, kind, reopened, created_at, urgency);
create index ticket_campaign_id_urgency_idx on ticket
    (campaign_id, status, urgency, updated_at, id, requester_id, assignee_id, application, priority, kind, reopened, created_at);
create index ticket_requester_id_idx on ticket
    (requester_id, status, updated_at, id, campaign_id, assignee_id, application, priority, kind, reopened, created_at, urgency);
create index ticket_assignee_id_idx on ticket
    (assignee_id, status, updated_at, id, campaign_id, requester_id, application, priority, kind, reopened, created_at, urgency);
-- Few are opened again, and the figures lead to them.
create index ticket_reopened_idx on ticket (status, updated_at, id) where reopened > 0;
-- What each has in hands: who gets the next one.
create index ticket_in_hands_idx on ticket (assignee_id, urgency) where status in ('AB', 'EP', 'PE');
