// Makes the cluster's roles and each project's database, and fills it.
//
// Why it stands here: the only file that writes to the demo databases.

import { readFileSync } from 'node:fs';
import { withClient } from './postgres.mjs';

const ROLES = readFileSync(new URL('./roles.sql', import.meta.url), 'utf8');
const REALTIME = readFileSync(new URL('./realtime.sql', import.meta.url), 'utf8');

/** The sequence behind a table's `id`; no row where the database counts nothing. */
const SEQUENCE = `
  select sequence from pg_attribute, pg_get_serial_sequence($1, attname) as sequence
  where attrelid = $1::regclass and attname = 'id' and sequence is not null`;

/** Creates the roles, which all databases share. `authenticatorPassword` must need no quoting. */
export function createRoles(adminUrl, authenticatorPassword) {
  return withClient(adminUrl, async (client) => {
    await client.query(ROLES);
    await client.query(`alter role authenticator password '${authenticatorPassword}'`);
  });
}

export function createDatabase(adminUrl, name) {
  return withClient(adminUrl, (client) => client.query(`create database ${name}`));
}

export function createTables(databaseUrl, sql) {
  return withClient(databaseUrl, (client) => client.query(sql));
}

/** Has a database with the default tables tell of their changes. */
export function tellOfChanges(databaseUrl) {
  return withClient(databaseUrl, (client) => client.query(REALTIME));
}

/** Writes `rows`, a table's name as SQL has it to its rows, in one transaction and this order. Returns the counts by table. */
export function fill(databaseUrl, rows) {
  return withClient(databaseUrl, async (client) => {
    await client.query('begin');
    for (const [table, itsRows] of Object.entries(rows)) await insert(client, table, itsRows);
    await client.query('commit');
    await client.query('analyze');
    return Object.fromEntries(Object.entries(rows).map(([table, itsRows]) => [table, itsRows.length]));
  });
}

/** One statement a table, its rows as one JSON parameter: as fast as COPY here, and nothing to escape. */
async function insert(client, table, rows) {
  const rowsAsJson = JSON.stringify(rows);
  await client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [rowsAsJson]);
  const { rows: counted } = await client.query(SEQUENCE, [table]);
  for (const { sequence } of counted) await client.query(`select setval('${sequence}', (select max(id) from ${table}))`);
}
