-- The same table as postgres/0005_machine_tokens.sql, in SQLite's words. Change both or none.

-- Tokens by which a tenant's own automation reads its credentials. Of the token only the SHA-256 is here.
create table machine_tokens (
    id           blob    not null constraint machine_tokens_pkey primary key,
    tenant_id    blob    not null constraint machine_tokens_tenant_id_fkey references tenants (id) on delete cascade,
    token_hash   blob    not null constraint machine_tokens_token_hash_key unique,
    name         text    not null,
    -- The token's last four characters, by which people tell tokens apart.
    last_four    text    not null,
    -- The providers it may read, parted by commas.
    providers    text    not null,
    created_at   integer not null,
    created_by   blob    constraint machine_tokens_created_by_fkey references users (id) on delete set null,
    expires_at   integer not null,
    revoked_at   integer,
    used_at      integer
) strict;

create index machine_tokens_tenant_idx on machine_tokens (tenant_id, created_at);
create index machine_tokens_created_by_idx on machine_tokens (created_by);
