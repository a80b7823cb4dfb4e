-- The same table as sqlite/0013_live_watches.sql, in Postgres's words. Change both or none.

-- Who watches a tenant's project while people of it listen in several processes, and what that one tells the others: that
-- something changed, of which part and when, and how the project stands. Never what. No fence stands around it: ids,
-- numbers, times and words of ours, which each process reads for all tenants that it follows at once.
create table live_watches (
    tenant_id     uuid   not null constraint live_watches_pkey primary key
                         constraint live_watches_tenant_fkey references tenants (id) on delete cascade,
    -- Drawn by each process at its start.
    process       uuid   not null,
    -- Until when it has taken the project, by the database's clock; 0 when it gave it up.
    until_at      bigint not null,
    -- How often it went from one process to another.
    term          bigint not null,
    -- How often something was told, and which of these times was the latest of each kind.
    told          bigint not null,
    conversations bigint not null,
    appointments  bigint not null,
    refreshed     bigint not null,
    -- When a change was told last, by the database's clock, and on the tenant's: "14:32".
    told_at       bigint not null,
    changed_at    text   not null,
    -- How the project stands; of one that does not answer why, and since when on the tenant's clock.
    standing      text   not null constraint live_watches_standing_known
                         check (standing in ('unknown', 'live', 'blind', 'stale')),
    why           text   not null,
    since         text   not null
);
