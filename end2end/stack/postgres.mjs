// A fresh Postgres cluster on a free port of 127.0.0.1.
//
// Why it stands here: the demo and the tests use the real server, made anew at each start and thrown
// away at the end. So nothing is synced to disk, and stopping need not be gentle.

import { randomBytes } from 'node:crypto';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { postgresPrograms } from './binaries.mjs';
import { onFreePort } from './ports.mjs';
import { lastWords, startProgram, waitUntil } from './process.mjs';
import { databaseUser } from './user.mjs';

const SUPERUSER = 'postgres';

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '64MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  jit: 'off',
  timezone: 'UTC',
};

/**
 * Makes and starts a cluster under `scratch`. `removeAfter` are the paths to remove should we die.
 * Returns `{ server, url(database) }`.
 */
export async function startPostgres({ scratch, removeAfter }) {
  const user = databaseUser();
  const programs = await postgresPrograms(scratch, user);
  const data = join(scratch, 'data');
  const password = randomBytes(24).toString('hex');
  const common = { env: { PATH: process.env.PATH, LC_ALL: 'C' }, cwd: '/', uid: user.uid, gid: user.gid, removeAfter };

  await makeCluster({ scratch, data, password, programs, user, common });
  return onFreePort(async (port) => {
    const args = ['-D', data, '-p', String(port)];
    for (const [name, value] of Object.entries(SETTINGS)) args.push('-c', `${name}=${value}`);
    const log = join(scratch, `postgres-${port}.log`);
    const command = join(programs, 'postgres');
    // SIGQUIT: end at once. The data is thrown away, so there is nothing to write out first.
    const server = startProgram({ name: 'Postgres', command, args, log, stopSignal: 'SIGQUIT', ...common });
    const url = (database) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
    await waitUntil(server, () => answers(url('postgres')));
    return { server, url };
  });
}

async function makeCluster({ scratch, data, password, programs, user, common }) {
  const passwordFile = join(scratch, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined) {
    await chown(data, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const args = ['-D', data, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'];
  args.push('--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  const log = join(scratch, 'initdb.log');
  const initdb = startProgram({ name: 'initdb', command: join(programs, 'initdb'), args, log, ...common });
  const { code } = await initdb.exited;
  await rm(passwordFile);
  if (code !== 0) {
    throw new Error(
      `initdb, run as ${user.name}, could not make a cluster in ${data}:\n${lastWords(initdb)}\n` +
        'If that user cannot reach the folder, name another parent with --data.',
    );
  }
}

function answers(url) {
  return withClient(url, () => true).catch(() => false);
}

/** Calls `work(client)` on a connection to `url` and closes it. */
export async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // a lost connection fails the query that waits on it; that is enough
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
