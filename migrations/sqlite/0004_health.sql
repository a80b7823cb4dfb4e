-- The same tables as postgres/0004_health.sql, in SQLite's words. Change both or none.

-- Whether each stored credential works: where it stands, since when, and when it is looked at next. A credential without
-- a row here was never looked at. No text of a check stands here: the agency sees these rows.
create table connection_health (
    tenant_id    blob    not null,
    provider     text    not null,
    -- The credential's version that the state tells of: a save makes it worth nothing.
    version      integer not null,
    state        text    not null constraint connection_health_state_known
                         check (state in ('unknown', 'healthy', 'degraded', 'expired', 'unreachable')),
    since        integer not null,
    -- What the tenant was told last; a change is told when it differs from this.
    told         text    not null,
    -- The first of the checks that found another state, which a second one must confirm.
    doubted_at   integer,
    checked_at   integer,
    healthy_at   integer,
    failures     integer not null,
    next_at      integer not null,
    -- Until when one process works on it, and how often the row was written: whoever comes back too late writes nothing.
    leased_until integer not null,
    revision     integer not null,
    -- When the oldest change that is not told yet is tried next.
    tell_at      integer,
    constraint connection_health_pkey primary key (tenant_id, provider),
    constraint connection_health_credential_fkey foreign key (tenant_id, provider)
        references credentials (tenant_id, provider) on delete cascade
) strict;

create index connection_health_tell_idx on connection_health (tell_at) where tell_at is not null;

-- The latest checks of each credential, with what they found in a sentence. Pruned as they are written.
create table connection_checks (
    tenant_id blob    not null,
    provider  text    not null,
    revision  integer not null,
    at        integer not null,
    state     text    not null,
    what      text    not null,
    fix       text    not null,
    constraint connection_checks_pkey primary key (tenant_id, provider, revision),
    constraint connection_checks_health_fkey foreign key (tenant_id, provider)
        references connection_health (tenant_id, provider) on delete cascade
) strict;

-- Changes on their way to the tenant's workflow, written with the change itself: a crash neither loses nor doubles one.
-- Told ones stay for a while, with how it ended.
create table connection_changes (
    tenant_id    blob    not null,
    id           blob    not null,
    provider     text    not null,
    from_state   text    not null,
    to_state     text    not null,
    at           integer not null,
    what         text    not null,
    attempts     integer not null,
    next_at      integer not null,
    leased_until integer not null,
    done_at      integer,
    outcome      text    not null,
    constraint connection_changes_pkey primary key (tenant_id, id),
    constraint connection_changes_health_fkey foreign key (tenant_id, provider)
        references connection_health (tenant_id, provider) on delete cascade
) strict;

create index connection_changes_health_idx on connection_changes (tenant_id, provider, at);
