-- What the company keeps of whoever works for it, with or without an account here.
create table employee (
    id uuid primary key,
    -- National id, digits and letters as issued. The account of the same document is this person's.
    document text not null unique,
    first_name text not null,
    last_name text not null,
    -- Both names, lower case, without accents: for search and sorting.
    name_folded text not null,
    -- '1' Masculino, '2' Femenino, as the payroll codes it.
    sex text not null check (sex in ('1', '2')),
    phone text not null,
    email text not null,
    profession text not null,
    -- Amount and currency, sealed with SECRET_KEY (auth/secret.rs); null when not known.
    salary_sealed text,
    started_on date not null,
    -- Last day; the account of the same document closes on it.
    ended_on date,
    end_reason text check (end_reason in ('retiro_voluntario', 'periodo_prueba', 'despido_justo_causa',
        'terminacion_contrato', 'finaliza_aprendiz')),
    state text not null check (state in ('activo', 'inactivo')),
    campaign_id uuid references campaign (id),
    supervisor_id uuid references app_user (id),
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index employee_name_folded_idx on employee (name_folded, id);
create index employee_campaign_id_idx on employee (campaign_id, name_folded);
create index employee_supervisor_id_idx on employee (supervisor_id);
create index employee_state_idx on employee (state, ended_on);
