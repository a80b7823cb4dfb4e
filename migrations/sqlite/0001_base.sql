-- The same tables as postgres/0001_base.sql, in SQLite's words. Change both or none.
--
-- Instants are whole microseconds since 1970 UTC: SQLite has no time type, its texts compare wrongly when fractions
-- differ in length, and Postgres keeps microseconds anyway. STRICT makes SQLite refuse what Postgres would refuse.

create table tenants (
    id               blob    not null constraint tenants_pkey primary key
                             constraint tenants_id_is_uuid check (length(id) = 16),
    slug             text    not null constraint tenants_slug_key unique,
    name             text    not null,
    timezone         text    not null,
    plan             text    not null default 'standard',
    status           text    not null default 'active'
                             constraint tenants_status_known check (status in ('active', 'suspended')),
    suspended_reason text,
    created_at       integer not null,
    updated_at       integer not null,
    -- A reason left behind would be shown to members of a tenant that works again.
    constraint tenants_reason_only_when_suspended check (status = 'suspended' or suspended_reason is null)
) strict;

-- Each tenant has its own key, stored wrapped by a key of the ring. Old versions stay until nothing is sealed by them.
create table tenant_keys (
    tenant_id  blob    not null constraint tenant_keys_tenant_fkey references tenants (id) on delete cascade,
    version    integer not null constraint tenant_keys_version_positive check (version > 0),
    ring_key   text    not null,
    wrapped    blob    not null,
    created_at integer not null,
    constraint tenant_keys_pkey primary key (tenant_id, version)
) strict;

-- One row a person, whatever the number of tenants: the e-mail is what they sign in with.
create table users (
    id            blob    not null constraint users_pkey primary key
                          constraint users_id_is_uuid check (length(id) = 16),
    email         text    not null constraint users_email_key unique,
    name          text    not null,
    password_hash text    not null,
    disabled_at   integer,
    last_login    integer,
    created_at    integer not null
) strict;

create table memberships (
    tenant_id  blob    not null constraint memberships_tenant_fkey references tenants (id) on delete cascade,
    user_id    blob    not null constraint memberships_user_fkey references users (id) on delete cascade,
    role       text    not null constraint memberships_role_known check (role in ('viewer', 'agent', 'admin')),
    created_at integer not null,
    constraint memberships_pkey primary key (tenant_id, user_id)
) strict;

-- Signing in looks memberships up by user; the primary key starts with the tenant.
create index memberships_user_idx on memberships (user_id);

-- Only the SHA-256 of a session's id: a copy of this table signs nobody in. An ended session stays as a row with
-- revoked_at until it is swept, so that a slow request cannot write it back to life.
create table sessions (
    id_hash    blob    not null constraint sessions_pkey primary key
                       constraint sessions_id_hash_is_sha256 check (length(id_hash) = 32),
    user_id    blob    constraint sessions_user_fkey references users (id) on delete cascade,
    tenant_id  blob    constraint sessions_tenant_fkey references tenants (id) on delete cascade,
    data       text    not null,
    created_at integer not null,
    last_seen  integer not null,
    expires_at integer not null,
    revoked_at integer
) strict;

create index sessions_user_idx on sessions (user_id);
create index sessions_tenant_idx on sessions (tenant_id);
create index sessions_expires_idx on sessions (expires_at);
create index sessions_revoked_idx on sessions (revoked_at) where revoked_at is not null;

-- A removed credential keeps its row, without fields: its version must go on counting, or a form filled before the
-- removal could later match a version that came round again.
create table credentials (
    tenant_id  blob    not null constraint credentials_tenant_fkey references tenants (id) on delete cascade,
    provider   text    not null,
    version    integer not null constraint credentials_version_positive check (version > 0),
    updated_at integer not null,
    updated_by blob    constraint credentials_updated_by_fkey references users (id) on delete set null,
    removed_at integer,
    constraint credentials_pkey primary key (tenant_id, provider)
) strict;

-- Deleting a user looks for the rows they saved.
create index credentials_updated_by_idx on credentials (updated_by) where updated_by is not null;

-- A row a field, so that a form which leaves a secret blank rewrites only the others.
create table credential_fields (
    tenant_id  blob    not null,
    provider   text    not null,
    field      text    not null,
    sealed     blob    not null,
    updated_at integer not null,
    constraint credential_fields_pkey primary key (tenant_id, provider, field),
    constraint credential_fields_credential_fkey foreign key (tenant_id, provider)
        references credentials (tenant_id, provider) on delete cascade
) strict;

-- A value only the right ring key gives: a wrong ring is noticed at the start, before it seals anything.
create table key_checks (
    ring_key    text    not null constraint key_checks_pkey primary key,
    check_value blob    not null,
    created_at  integer not null
) strict;
