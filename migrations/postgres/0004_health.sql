-- The same tables as sqlite/0004_health.sql, in Postgres's words. Change both or none.

-- Whether each stored credential works: where it stands, since when, and when it is looked at next. A credential without
-- a row here was never looked at. No text of a check stands here: the agency sees these rows.
create table connection_health (
    tenant_id    uuid   not null,
    provider     text   collate "C" not null,
    -- The credential's version that the state tells of: a save makes it worth nothing.
    version      bigint not null,
    state        text   not null constraint connection_health_state_known
                        check (state in ('unknown', 'healthy', 'degraded', 'expired', 'unreachable')),
    since        bigint not null,
    -- What the tenant was told last; a change is told when it differs from this.
    told         text   not null,
    -- The first of the checks that found another state, which a second one must confirm.
    doubted_at   bigint,
    checked_at   bigint,
    healthy_at   bigint,
    failures     bigint not null,
    next_at      bigint not null,
    -- Until when one process works on it, and how often the row was written: whoever comes back too late writes nothing.
    leased_until bigint not null,
    revision     bigint not null,
    -- When the oldest change that is not told yet is tried next.
    tell_at      bigint,
    constraint connection_health_pkey primary key (tenant_id, provider),
    constraint connection_health_credential_fkey foreign key (tenant_id, provider)
        references credentials (tenant_id, provider) on delete cascade
);

create index connection_health_tell_idx on connection_health (tell_at) where tell_at is not null;

-- The latest checks of each credential, with what they found in a sentence. Pruned as they are written.
create table connection_checks (
    tenant_id uuid   not null,
    provider  text   collate "C" not null,
    revision  bigint not null,
    at        bigint not null,
    state     text   not null,
    what      text   not null,
    fix       text   not null,
    constraint connection_checks_pkey primary key (tenant_id, provider, revision),
    constraint connection_checks_health_fkey foreign key (tenant_id, provider)
        references connection_health (tenant_id, provider) on delete cascade
);

-- Changes on their way to the tenant's workflow, written with the change itself: a crash neither loses nor doubles one.
-- Told ones stay for a while, with how it ended.
create table connection_changes (
    tenant_id    uuid   not null,
    id           uuid   not null,
    provider     text   collate "C" not null,
    from_state   text   not null,
    to_state     text   not null,
    at           bigint not null,
    what         text   not null,
    attempts     bigint not null,
    next_at      bigint not null,
    leased_until bigint not null,
    done_at      bigint,
    outcome      text   not null,
    constraint connection_changes_pkey primary key (tenant_id, id),
    constraint connection_changes_health_fkey foreign key (tenant_id, provider)
        references connection_health (tenant_id, provider) on delete cascade
);

create index connection_changes_health_idx on connection_changes (tenant_id, provider, at);

-- The scheduler learns behind the agency's fence which rows are due, and works behind each tenant's own.
alter table connection_health enable row level security;
alter table connection_health force row level security;
create policy connection_health_fence on connection_health
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
create policy connection_health_seen on connection_health for select using (fence_agency());

alter table connection_checks enable row level security;
alter table connection_checks force row level security;
create policy connection_checks_fence on connection_checks
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());

alter table connection_changes enable row level security;
alter table connection_changes force row level security;
create policy connection_changes_fence on connection_changes
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
