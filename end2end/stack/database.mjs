// Makes the cluster's roles and each project's database, and fills it.
//
// Why it stands here: the only file that writes to the demo databases.

import { readFileSync } from 'node:fs';
import { withClient } from './postgres.mjs';

const sql = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');
const TABLES = ['conversations', 'messages', 'appointments'];

/** Creates the roles and empty databases. `authenticatorPassword` must need no quoting. */
export async function createDatabases(adminUrl, projects, authenticatorPassword) {
  await withClient(adminUrl, async (client) => {
    await client.query(sql('./roles.sql'));
    await client.query(`alter role authenticator password '${authenticatorPassword}'`);
    for (const { database } of projects) await client.query(`create database ${database}`);
  });
}

export function createTables(databaseUrl) {
  return withClient(databaseUrl, (client) => client.query(sql('./schema.sql')));
}

/** Writes `rows`, a table's name to its rows, in one transaction. Returns the counts by table. */
export function fill(databaseUrl, rows) {
  return withClient(databaseUrl, async (client) => {
    await client.query('begin');
    for (const table of TABLES) await insert(client, table, rows[table]);
    await client.query('commit');
    await client.query('analyze');
    return Object.fromEntries(TABLES.map((table) => [table, rows[table].length]));
  });
}

/** One statement a table, its rows as one JSON parameter: as fast as COPY here, and nothing to escape. */
async function insert(client, table, rows) {
  const rowsAsJson = JSON.stringify(rows);
  await client.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [rowsAsJson]);
  await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`);
}
