-- The same tables as postgres/0002_people.sql, in SQLite's words. Change both or none.
-- Who may come in, and as what: the agency's people, links, second factors, locks after wrong passwords, the broken
-- glass, and the audit trail.

alter table tenants add column domain text not null default '';
-- Name, slug and domain in lower case, for the console's search. The program writes it: SQLite's lower() knows only ASCII.
alter table tenants add column sought text not null default '';
-- Names so far, with the letters of Portuguese.
update tenants set sought = lower(name) || char(10) || slug || char(10);
update tenants set sought = replace(sought, 'Á', 'á');
update tenants set sought = replace(sought, 'À', 'à');
update tenants set sought = replace(sought, 'Â', 'â');
update tenants set sought = replace(sought, 'Ã', 'ã');
update tenants set sought = replace(sought, 'É', 'é');
update tenants set sought = replace(sought, 'Ê', 'ê');
update tenants set sought = replace(sought, 'Í', 'í');
update tenants set sought = replace(sought, 'Ó', 'ó');
update tenants set sought = replace(sought, 'Ô', 'ô');
update tenants set sought = replace(sought, 'Õ', 'õ');
update tenants set sought = replace(sought, 'Ú', 'ú');
update tenants set sought = replace(sought, 'Ç', 'ç');
alter table tenants add column second_factor_required integer not null default 0;
-- The newest row seen in the tenant's project, noted when its panel is read.
alter table tenants add column last_data_at integer;
-- When its keys were destroyed. The row stays: the audit trail and the receipt refer to it.
alter table tenants add column shredded_at integer;

alter table users add column password_changed_at integer not null default 0;
-- Sealed with the agency's key; last_step so that no code is good twice.
alter table users add column totp_sealed blob;
alter table users add column totp_since integer;
alter table users add column totp_last_step integer not null default 0;
-- Drawn, shown, and not confirmed yet: secret and recovery codes, sealed.
alter table users add column totp_pending blob;

create table recovery_codes (
    user_id   blob not null constraint recovery_codes_user_fkey references users (id) on delete cascade,
    code_hash blob not null,
    used_at   integer,
    constraint recovery_codes_pkey primary key (user_id, code_hash)
) strict;

create table agency_members (
    user_id    blob not null constraint agency_members_pkey primary key
                      constraint agency_members_user_fkey references users (id) on delete cascade,
    role       text not null constraint agency_members_role_known check (role in ('support', 'owner')),
    created_at integer not null
) strict;

-- What is no tenant's but must be sealed (second factors, password hashes, the audit key) has a key of the agency's own,
-- wrapped like a tenant's.
create table agency_keys (
    version    integer not null constraint agency_keys_pkey primary key,
    ring_key   text not null,
    wrapped    blob not null,
    created_at integer not null
) strict;

create table agency_secrets (
    name   text not null constraint agency_secrets_pkey primary key,
    sealed blob not null
) strict;

create table agency_settings (
    name  text not null constraint agency_settings_pkey primary key,
    value text not null
) strict;

alter table sessions add column device text not null default '';
alter table sessions add column source text not null default '';

-- Wrong passwords by account: an HMAC of the address, so that unknown addresses count too and are not kept. 'known' is
-- the budget of devices the account was used on before: a stranger cannot lock the owner out of those.
create table login_locks (
    account  blob not null,
    device   text not null constraint login_locks_device_known check (device in ('any', 'known')),
    failures integer not null,
    since    integer not null,
    until_at integer not null,
    constraint login_locks_pkey primary key (account, device)
) strict;

create index login_locks_since_idx on login_locks (since);

-- Single-use links, by the hash of their token. They are looked up before anybody is signed in.
create table links (
    token_hash   blob not null constraint links_pkey primary key,
    id           blob not null constraint links_id_key unique,
    purpose      text not null constraint links_purpose_known check (purpose in ('invite', 'staff', 'reset')),
    email        text not null,
    user_id      blob constraint links_user_fkey references users (id) on delete cascade,
    tenant_id    blob constraint links_tenant_fkey references tenants (id) on delete cascade,
    role         text,
    created_by   blob constraint links_created_by_fkey references users (id) on delete set null,
    created_at   integer not null,
    expires_at   integer not null,
    used_at      integer,
    withdrawn_at integer
) strict;

create index links_tenant_idx on links (tenant_id);
create index links_user_idx on links (user_id);
create index links_expires_idx on links (expires_at);

-- Somebody of the agency inside a tenant, for a short time and with a reason.
create table glass (
    id        blob not null constraint glass_pkey primary key,
    tenant_id blob not null constraint glass_tenant_fkey references tenants (id) on delete cascade,
    user_id   blob not null constraint glass_user_fkey references users (id) on delete cascade,
    reason    text not null,
    began_at  integer not null,
    ends_at   integer not null,
    ended_at  integer
) strict;

create index glass_tenant_idx on glass (tenant_id, began_at);
create index glass_user_idx on glass (user_id);

-- The audit trail: a chain a tenant, and one of the agency (the nil id). Each row's mac covers the row and the mac before
-- it; the head says how long the chain is, so that a cut tail is noticed. Rows are only ever added.
create table audit_heads (
    chain blob not null constraint audit_heads_pkey primary key,
    seq   integer not null,
    mac   blob not null
) strict;

create table audit_events (
    chain      blob not null,
    seq        integer not null,
    at         integer not null,
    kind       text not null,
    actor_id   blob,
    actor      text not null,
    source     text not null,
    request_id text not null,
    subject    text not null,
    fields     text not null,
    mac        blob not null,
    constraint audit_events_pkey primary key (chain, seq)
) strict;

create index audit_events_kind_idx on audit_events (chain, kind, seq);
create index audit_events_at_idx on audit_events (chain, at);

-- The console pages through the fleet by slug and filters by state.
create index tenants_status_idx on tenants (status, slug);

create trigger audit_events_no_update before update on audit_events
begin select raise(abort, 'the audit trail is only ever added to'); end;
-- `insert or replace` deletes what it replaces without asking the trigger on deletions.
create trigger audit_events_no_replace before insert on audit_events
when exists (select 1 from audit_events where chain = new.chain and seq = new.seq)
begin select raise(abort, 'the audit trail is only ever added to'); end;
create trigger audit_events_no_delete before delete on audit_events
begin select raise(abort, 'the audit trail is only ever added to'); end;
