-- The same tables as sqlite/0002_people.sql, in Postgres's words. Change both or none.
-- Who may come in, and as what: the agency's people, links, second factors, locks after wrong passwords, the broken
-- glass, and the audit trail.

alter table tenants add column domain text not null default '';
-- Name, slug and domain in lower case, for the console's search. The program writes it: SQLite's lower() knows only ASCII.
alter table tenants add column sought text not null default '';
update tenants set sought = lower(name) || chr(10) || slug || chr(10);
alter table tenants add column second_factor_required bigint not null default 0;
-- The newest row seen in the tenant's project, noted when its panel is read.
alter table tenants add column last_data_at bigint;
-- When its keys were destroyed. The row stays: the audit trail and the receipt refer to it.
alter table tenants add column shredded_at bigint;

alter table users add column password_changed_at bigint not null default 0;
-- Sealed with the agency's key; last_step so that no code is good twice.
alter table users add column totp_sealed bytea;
alter table users add column totp_since bigint;
alter table users add column totp_last_step bigint not null default 0;
-- Drawn, shown, and not confirmed yet: secret and recovery codes, sealed.
alter table users add column totp_pending bytea;

create table recovery_codes (
    user_id   uuid not null constraint recovery_codes_user_fkey references users (id) on delete cascade,
    code_hash bytea not null,
    used_at   bigint,
    constraint recovery_codes_pkey primary key (user_id, code_hash)
);

create table agency_members (
    user_id    uuid not null constraint agency_members_pkey primary key
                      constraint agency_members_user_fkey references users (id) on delete cascade,
    role       text not null constraint agency_members_role_known check (role in ('support', 'owner')),
    created_at bigint not null
);

-- What is no tenant's but must be sealed (second factors, password hashes, the audit key) has a key of the agency's own,
-- wrapped like a tenant's.
create table agency_keys (
    version    bigint not null constraint agency_keys_pkey primary key,
    ring_key   text collate "C" not null,
    wrapped    bytea not null,
    created_at bigint not null
);

create table agency_secrets (
    name   text collate "C" not null constraint agency_secrets_pkey primary key,
    sealed bytea not null
);

create table agency_settings (
    name  text collate "C" not null constraint agency_settings_pkey primary key,
    value text not null
);

alter table sessions add column device text not null default '';
alter table sessions add column source text not null default '';

-- Wrong passwords by account: an HMAC of the address, so that unknown addresses count too and are not kept. 'known' is
-- the budget of devices the account was used on before: a stranger cannot lock the owner out of those.
create table login_locks (
    account  bytea not null,
    device   text collate "C" not null constraint login_locks_device_known check (device in ('any', 'known')),
    failures bigint not null,
    since    bigint not null,
    until_at bigint not null,
    constraint login_locks_pkey primary key (account, device)
);

create index login_locks_since_idx on login_locks (since);

-- Single-use links, by the hash of their token. They are looked up before anybody is signed in.
create table links (
    token_hash   bytea not null constraint links_pkey primary key,
    id           uuid not null constraint links_id_key unique,
    purpose      text collate "C" not null constraint links_purpose_known check (purpose in ('invite', 'staff', 'reset')),
    email        text collate "C" not null,
    user_id      uuid constraint links_user_fkey references users (id) on delete cascade,
    tenant_id    uuid constraint links_tenant_fkey references tenants (id) on delete cascade,
    role         text,
    created_by   uuid constraint links_created_by_fkey references users (id) on delete set null,
    created_at   bigint not null,
    expires_at   bigint not null,
    used_at      bigint,
    withdrawn_at bigint
);

create index links_tenant_idx on links (tenant_id);
create index links_user_idx on links (user_id);
create index links_expires_idx on links (expires_at);

-- Somebody of the agency inside a tenant, for a short time and with a reason.
create table glass (
    id        uuid not null constraint glass_pkey primary key,
    tenant_id uuid not null constraint glass_tenant_fkey references tenants (id) on delete cascade,
    user_id   uuid not null constraint glass_user_fkey references users (id) on delete cascade,
    reason    text not null,
    began_at  bigint not null,
    ends_at   bigint not null,
    ended_at  bigint
);

create index glass_tenant_idx on glass (tenant_id, began_at);
create index glass_user_idx on glass (user_id);

-- The audit trail: a chain a tenant, and one of the agency (the nil id). Each row's mac covers the row and the mac before
-- it; the head says how long the chain is, so that a cut tail is noticed. Rows are only ever added.
create table audit_heads (
    chain uuid not null constraint audit_heads_pkey primary key,
    seq   bigint not null,
    mac   bytea not null
);

create table audit_events (
    chain      uuid not null,
    seq        bigint not null,
    at         bigint not null,
    kind       text collate "C" not null,
    actor_id   uuid,
    actor      text not null,
    source     text not null,
    request_id text not null,
    subject    text not null,
    fields     text not null,
    mac        bytea not null,
    constraint audit_events_pkey primary key (chain, seq)
);

create index audit_events_kind_idx on audit_events (chain, kind, seq);
create index audit_events_at_idx on audit_events (chain, at);

-- The console pages through the fleet by slug and filters by state.
create index tenants_status_idx on tenants (status, slug);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail is only ever added to';
end $$;
create trigger audit_events_no_change before update or delete on audit_events
    for each row execute function refuse_audit_change();
create trigger audit_events_no_truncate before truncate on audit_events
    for each statement execute function refuse_audit_change();

-- The second fence. Whose rows a transaction may touch is told by three settings that end with the transaction; where
-- nothing is told, no row is there. A setting reads as '' after a first local set on a pooled connection, hence nullif.
--
-- A tenant's rows are changed behind that tenant's own fence alone; the agency and a user in their own right only see.
-- The owner of the tables is fenced too (force): a later migration that changes rows must lift the fence first.
create function fence_tenant() returns uuid language sql stable as
    $$ select nullif(current_setting('painel.tenant', true), '')::uuid $$;
create function fence_user() returns uuid language sql stable as
    $$ select nullif(current_setting('painel.user', true), '')::uuid $$;
create function fence_agency() returns boolean language sql stable as
    $$ select coalesce(current_setting('painel.agency', true), '') = 'on' $$;

alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenants_fence on tenants using (id = fence_tenant()) with check (id = fence_tenant());
create policy tenants_seen on tenants for select
    using (fence_agency() or id in (select tenant_id from memberships where user_id = fence_user()));

alter table tenant_keys enable row level security;
alter table tenant_keys force row level security;
create policy tenant_keys_fence on tenant_keys
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
-- The agency sees keys wrapped, to tell their age and to wrap them again.
create policy tenant_keys_seen on tenant_keys for select using (fence_agency());

alter table memberships enable row level security;
alter table memberships force row level security;
create policy memberships_fence on memberships
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
create policy memberships_seen on memberships for select using (user_id = fence_user() or fence_agency());

alter table credentials enable row level security;
alter table credentials force row level security;
create policy credentials_fence on credentials
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
create policy credentials_seen on credentials for select using (fence_agency());

alter table credential_fields enable row level security;
alter table credential_fields force row level security;
create policy credential_fields_fence on credential_fields
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());

alter table glass enable row level security;
alter table glass force row level security;
create policy glass_fence on glass using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
create policy glass_seen on glass for select using (user_id = fence_user());

alter table audit_heads enable row level security;
alter table audit_heads force row level security;
create policy audit_heads_fence on audit_heads
    using (chain = fence_tenant() or (fence_agency() and chain = '00000000-0000-0000-0000-000000000000'))
    with check (chain = fence_tenant() or (fence_agency() and chain = '00000000-0000-0000-0000-000000000000'));

alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy audit_events_fence on audit_events
    using (chain = fence_tenant() or (fence_agency() and chain = '00000000-0000-0000-0000-000000000000'))
    with check (chain = fence_tenant() or (fence_agency() and chain = '00000000-0000-0000-0000-000000000000'));
