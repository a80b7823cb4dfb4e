// Who may read a family's tables.
//
// Why it stands here: the same as in ../schema.sql, for any tables: row level security on, and `anon` reads all rows.

/** The SQL that opens `tables`, named as SQL has them, and lets roles into their `schema`. */
export function openToAnon(tables, schema = 'public') {
  const each = tables.map(
    (table) => `
      alter table ${table} enable row level security;
      create policy "anon reads" on ${table} for select to anon using (true);
      grant select on ${table} to anon, authenticated;`,
  );
  return `${each.join('')}
      grant usage on schema ${schema} to anon, authenticated, service_role;
      grant all on all tables in schema ${schema} to service_role;
      grant usage on all sequences in schema ${schema} to service_role;`;
}
