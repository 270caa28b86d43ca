-- The audit page reads 50 rows at a time, newest first, under one filter or several: each filter leads an index that
-- is already in that order, so that no page sorts or counts.
create index audit_log_actor_id_idx on audit_log (actor_id, at, id);
create index audit_log_action_idx on audit_log (action, at, id);
create index audit_log_kind_idx on audit_log (entity, at, id);
create index audit_log_entity_id_idx on audit_log (entity_id, at, id);
create index audit_log_ip_idx on audit_log (ip, at, id);
