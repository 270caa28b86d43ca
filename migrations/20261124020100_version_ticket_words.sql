-- Rises when subject or description change, and only then: who writes them anew collides with who did meanwhile, and with
-- nobody else.
alter table ticket add column words_version bigint not null default 1;
