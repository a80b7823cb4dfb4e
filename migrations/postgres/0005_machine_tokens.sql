-- The same table as sqlite/0005_machine_tokens.sql, in Postgres's words. Change both or none.

-- Tokens by which a tenant's own automation reads its credentials. Of the token only the SHA-256 is here.
create table machine_tokens (
    id           uuid   not null constraint machine_tokens_pkey primary key,
    tenant_id    uuid   not null constraint machine_tokens_tenant_id_fkey references tenants (id) on delete cascade,
    token_hash   bytea  not null constraint machine_tokens_token_hash_key unique,
    name         text   not null,
    -- The token's last four characters, by which people tell tokens apart.
    last_four    text   not null,
    -- The providers it may read, parted by commas.
    providers    text   not null,
    created_at   bigint not null,
    created_by   uuid   constraint machine_tokens_created_by_fkey references users (id) on delete set null,
    expires_at   bigint not null,
    revoked_at   bigint,
    used_at      bigint
);

create index machine_tokens_tenant_idx on machine_tokens (tenant_id, created_at);
create index machine_tokens_created_by_idx on machine_tokens (created_by);

-- Whoever shows a token sees that token's row and no other: it says whose fence comes next.
create function fence_machine() returns bytea language sql stable as
    $$ select decode(nullif(current_setting('painel.machine', true), ''), 'hex') $$;

alter table machine_tokens enable row level security;
alter table machine_tokens force row level security;
create policy machine_tokens_fence on machine_tokens
    using (tenant_id = fence_tenant()) with check (tenant_id = fence_tenant());
create policy machine_tokens_shown on machine_tokens for select using (token_hash = fence_machine());
