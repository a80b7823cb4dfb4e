-- The same table as sqlite/0006_mappings.sql, in Postgres's words. Change both or none.

-- How a tenant's tables become conversations, messages and appointments: one version after the other, the newest in use.
-- Version 0 is a draft, which is in use nowhere.
create table mappings (
    tenant_id  uuid   not null constraint mappings_tenant_id_fkey references tenants (id) on delete cascade,
    version    bigint not null constraint mappings_version_check check (version >= 0),
    -- JSON; no value of anybody's rows.
    mapping    text   not null,
    -- The version that it brings back.
    based_on   bigint,
    created_at bigint not null,
    created_by uuid   constraint mappings_created_by_fkey references users (id) on delete set null,
    constraint mappings_pkey primary key (tenant_id, version)
);

create index mappings_created_by_idx on mappings (created_by);

alter table mappings enable row level security;
alter table mappings force row level security;
create policy mappings_fence on mappings
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
