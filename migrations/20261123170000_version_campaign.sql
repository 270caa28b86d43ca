-- Rises with every change; a form sends the one that it was drawn with, and a second editor is told.
alter table campaign add column version bigint not null default 1;
