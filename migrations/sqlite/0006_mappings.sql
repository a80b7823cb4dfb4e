-- The same table as postgres/0006_mappings.sql, in SQLite's words. Change both or none.

-- How a tenant's tables become conversations, messages and appointments: one version after the other, the newest in use.
-- Version 0 is a draft, which is in use nowhere.
create table mappings (
    tenant_id  blob    not null constraint mappings_tenant_id_fkey references tenants (id) on delete cascade,
    version    integer not null constraint mappings_version_check check (version >= 0),
    -- JSON; no value of anybody's rows.
    mapping    text    not null,
    -- The version that it brings back.
    based_on   integer,
    created_at integer not null,
    created_by blob    constraint mappings_created_by_fkey references users (id) on delete set null,
    constraint mappings_pkey primary key (tenant_id, version)
) strict;

create index mappings_created_by_idx on mappings (created_by);
