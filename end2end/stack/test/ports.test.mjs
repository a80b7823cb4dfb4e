// A port that somebody else took in between costs a second try, whichever program met it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { postgrestBinary } from '../binaries.mjs';
import { freePort, onFreePort } from '../ports.mjs';
import { startProgram, waitUntil } from '../process.mjs';

test('a free port is one that the kernel does not hand out', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, freePort));
  assert.ok(ports.every((port) => port >= 10_240 && port < 15_872));
  assert.ok(new Set(ports).size > 150, 'and hardly ever the same');
});

test('the real PostgREST on a port that is taken, then on another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'painel-ports-'));
  const holder = createServer();
  await new Promise((done) => holder.listen(0, '127.0.0.1', done));
  const offered = [holder.address().port, await freePort()];
  const tried = [];
  try {
    const server = await onFreePort(async (port) => {
      tried.push(port);
      const env = { PGRST_DB_URI: 'postgres://nobody@127.0.0.1:1/none', PGRST_DB_ANON_ROLE: 'anon', PGRST_SERVER_HOST: '127.0.0.1', PGRST_SERVER_PORT: String(port) };
      const program = startProgram({ name: 'PostgREST', command: postgrestBinary(), args: [], cwd: '/', log: join(folder, `${port}.log`), env });
      // It says so once it listens; no database is needed for that.
      await waitUntil(program, () => program.output().includes('Starting PostgREST'));
      return program;
    }, () => Promise.resolve(offered[tried.length]));
    await server.stop();
    assert.deepEqual(tried, offered, 'its words for a taken port are understood');
  } finally {
    holder.close();
    rmSync(folder, { recursive: true });
  }
});

test('every program says it in words that are understood', async () => {
  const said = [
    'listen EADDRINUSE: address already in use 127.0.0.1:12345', // Node
    'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', // Postgres
    'painel: 127.0.0.1:12345 is in use by another program: stop it, or set LEPTOS_SITE_ADDR to a free address',
  ];
  for (const words of said) {
    let tried = 0;
    const port = await onFreePort((port) => (tried++ === 0 ? Promise.reject(new Error(words)) : Promise.resolve(port)));
    assert.ok(tried === 2 && port > 0, words);
  }
});

test('any other error is told at once', async () => {
  let tried = 0;
  await assert.rejects(onFreePort(() => Promise.reject(new Error(`no such file ${++tried}`))), /no such file 1/);
});
