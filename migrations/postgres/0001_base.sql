-- The same tables as sqlite/0001_base.sql, in Postgres's words. Change both or none.
--
-- Instants are whole microseconds since 1970 UTC, as in SQLite, so that one Rust type reads and compares both.
-- Words that are sorted or compared have collation "C": the order must be SQLite's, not that of the server's language.

create table tenants (
    id               uuid not null constraint tenants_pkey primary key,
    slug             text collate "C" not null constraint tenants_slug_key unique,
    name             text not null,
    timezone         text not null,
    plan             text not null default 'standard',
    status           text not null default 'active'
                             constraint tenants_status_known check (status in ('active', 'suspended')),
    suspended_reason text,
    created_at       bigint not null,
    updated_at       bigint not null,
    -- A reason left behind would be shown to members of a tenant that works again.
    constraint tenants_reason_only_when_suspended check (status = 'suspended' or suspended_reason is null)
);

-- Each tenant has its own key, stored wrapped by a key of the ring. Old versions stay until nothing is sealed by them.
create table tenant_keys (
    tenant_id  uuid not null constraint tenant_keys_tenant_fkey references tenants (id) on delete cascade,
    version    bigint not null constraint tenant_keys_version_positive check (version > 0),
    ring_key   text collate "C" not null,
    wrapped    bytea not null,
    created_at bigint not null,
    constraint tenant_keys_pkey primary key (tenant_id, version)
);

-- One row a person, whatever the number of tenants: the e-mail is what they sign in with.
create table users (
    id            uuid not null constraint users_pkey primary key,
    email         text collate "C" not null constraint users_email_key unique,
    name          text not null,
    password_hash text not null,
    disabled_at   bigint,
    last_login    bigint,
    created_at    bigint not null
);

create table memberships (
    tenant_id  uuid not null constraint memberships_tenant_fkey references tenants (id) on delete cascade,
    user_id    uuid not null constraint memberships_user_fkey references users (id) on delete cascade,
    role       text not null constraint memberships_role_known check (role in ('viewer', 'agent', 'admin')),
    created_at bigint not null,
    constraint memberships_pkey primary key (tenant_id, user_id)
);

-- Signing in looks memberships up by user; the primary key starts with the tenant.
create index memberships_user_idx on memberships (user_id);

-- Only the SHA-256 of a session's id: a copy of this table signs nobody in. An ended session stays as a row with
-- revoked_at until it is swept, so that a slow request cannot write it back to life.
create table sessions (
    id_hash    bytea not null constraint sessions_pkey primary key
                       constraint sessions_id_hash_is_sha256 check (octet_length(id_hash) = 32),
    user_id    uuid constraint sessions_user_fkey references users (id) on delete cascade,
    tenant_id  uuid constraint sessions_tenant_fkey references tenants (id) on delete cascade,
    data       text not null,
    created_at bigint not null,
    last_seen  bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);

create index sessions_user_idx on sessions (user_id);
create index sessions_tenant_idx on sessions (tenant_id);
create index sessions_expires_idx on sessions (expires_at);
create index sessions_revoked_idx on sessions (revoked_at) where revoked_at is not null;

-- A removed credential keeps its row, without fields: its version must go on counting, or a form filled before the
-- removal could later match a version that came round again.
create table credentials (
    tenant_id  uuid not null constraint credentials_tenant_fkey references tenants (id) on delete cascade,
    provider   text collate "C" not null,
    version    bigint not null constraint credentials_version_positive check (version > 0),
    updated_at bigint not null,
    updated_by uuid constraint credentials_updated_by_fkey references users (id) on delete set null,
    removed_at bigint,
    constraint credentials_pkey primary key (tenant_id, provider)
);

-- Deleting a user looks for the rows they saved.
create index credentials_updated_by_idx on credentials (updated_by) where updated_by is not null;

-- A row a field, so that a form which leaves a secret blank rewrites only the others.
create table credential_fields (
    tenant_id  uuid not null,
    provider   text collate "C" not null,
    field      text collate "C" not null,
    sealed     bytea not null,
    updated_at bigint not null,
    constraint credential_fields_pkey primary key (tenant_id, provider, field),
    constraint credential_fields_credential_fkey foreign key (tenant_id, provider)
        references credentials (tenant_id, provider) on delete cascade
);

-- A value only the right ring key gives: a wrong ring is noticed at the start, before it seals anything.
create table key_checks (
    ring_key    text collate "C" not null constraint key_checks_pkey primary key,
    check_value bytea not null,
    created_at  bigint not null
);
