-- The same table as postgres/0008_saved_filters.sql, in SQLite's words. Change both or none.

-- Filters of the conversations that a member keeps for themselves; they go with the member's place.
create table saved_filters (
    id          blob    not null constraint saved_filters_pkey primary key
                        constraint saved_filters_id_is_uuid check (length(id) = 16),
    tenant_id   blob    not null,
    user_id     blob    not null,
    name        text    not null constraint saved_filters_name_check check (length(name) between 1 and 40),
    -- The name by which it is one of its kind: in small letters.
    folded_name text    not null,
    -- What it asks for, as an address has it.
    query       text    not null,
    created_at  integer not null,
    constraint saved_filters_member_fkey foreign key (tenant_id, user_id)
        references memberships (tenant_id, user_id) on delete cascade,
    constraint saved_filters_name_key unique (tenant_id, user_id, folded_name)
) strict;
