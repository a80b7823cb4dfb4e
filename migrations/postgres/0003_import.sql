-- The same table as sqlite/0003_import.sql, in Postgres's words. Change both or none.

-- What `painel import` took, row by row and column by column: running it again takes nothing twice, and a run that was
-- killed is taken up where it stopped. `part` is empty for the row itself, or names one of its columns.
--
-- The digest is keyed with what the database does not hold: a bare one over a SHA-256 password would let a thief of this
-- table guess passwords past the slow hash.
create table imported_rows (
    source_table text collate "C" not null
                      constraint imported_rows_table_known check (source_table in ('clients', 'client_users')),
    source_id    text collate "C" not null,
    part         text collate "C" not null,
    digest       bytea not null constraint imported_rows_digest_is_sha256 check (octet_length(digest) = 32),
    -- Emptied and not deleted with what it became: what was removed here must not come back by the next import.
    tenant_id    uuid constraint imported_rows_tenant_fkey references tenants (id) on delete set null,
    user_id      uuid constraint imported_rows_user_fkey references users (id) on delete set null,
    imported_at  bigint not null,
    constraint imported_rows_pkey primary key (source_table, source_id, part)
);

-- Deleting a tenant or a user looks for the rows that became them.
create index imported_rows_tenant_idx on imported_rows (tenant_id) where tenant_id is not null;
create index imported_rows_user_idx on imported_rows (user_id) where user_id is not null;
