-- Answers that are written once and said often.
create table ticket_macro (
    id uuid primary key,
    -- The application that it answers about; null: any.
    application text
        check (application in ('CARTERA', 'TELEFONICA', 'VICIDIAL', 'TARJETA_PLATA', 'CALIDAD', 'OTRO')),
    name text not null,
    name_folded text not null,
    -- With places for the requester, the number and the agent.
    body text not null,
    -- A retired one is offered to nobody.
    is_active boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- Rises with every change.
    version bigint not null
);
create index ticket_macro_name_folded_idx on ticket_macro (name_folded, id);
