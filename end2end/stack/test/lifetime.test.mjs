// However the stack ends, nothing of it stays: no process, no port, no file. Reads /proc, so Linux only.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { launchStack, startStack, until } from './running-stack.mjs';

const SOON_MS = 10_000;

test('SIGTERM ends all of it, with exit code 0', async () => {
  const stack = await startStack();
  assert.equal(statSync(stack.readyFile).mode & 0o777, 0o600);
  const family = familyOf(stack.ready.pid);
  assert.ok(family.length >= 10, 'Postgres, two PostgRESTs, two gateways and their leashes');
  stack.child.kill('SIGTERM');
  assert.deepEqual(await stack.exited, { code: 0, signal: null });
  await assertGone(stack, family);
});

test('kill -9 leaves nothing either', async () => {
  const stack = await startStack(['--families']);
  const family = familyOf(stack.ready.pid);
  stack.child.kill('SIGKILL');
  await assertGone(stack, family);
});

test('it ends when its parent dies', async () => {
  const stack = await startStack([], { inBetween: true });
  const family = familyOf(stack.ready.pid);
  assert.notEqual(stack.ready.pid, stack.child.pid);
  stack.child.kill('SIGKILL');
  await assertGone(stack, family);
});

test('it ends when its standard input closes, if told so', async () => {
  const stack = await startStack(['--until-stdin-closes']);
  const family = familyOf(stack.ready.pid);
  stack.child.stdin.end();
  assert.deepEqual(await stack.exited, { code: 0, signal: null });
  await assertGone(stack, family);
});

test('it ends, and says why, when one of its parts dies', async () => {
  const stack = await startStack();
  const family = familyOf(stack.ready.pid);
  const postgrest = family.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgrest'));
  process.kill(postgrest, 'SIGKILL');
  assert.deepEqual(await stack.exited, { code: 1, signal: null });
  assert.match(stack.output(), /PostgREST of \S+ ended unexpectedly/);
  await assertGone(stack, family);
});

for (const signal of ['SIGINT', 'SIGKILL']) {
  test(`${signal} while it is still starting leaves nothing`, async () => {
    const stack = launchStack();
    const logged = () => readdirSync(stack.folder, { recursive: true }).some((file) => file.endsWith('initdb.log'));
    const begun = () => logged() && familyOf(stack.child.pid).length > 1; // with a leash to clean up
    assert.ok(await until(begun, 10_000));
    const family = familyOf(stack.child.pid);
    stack.child.kill(signal);
    await stack.exited;
    await assertGone(stack, family);
  });
}

test('a wrong command line gets the usage and exit code 2', async () => {
  const stack = launchStack(['--latency', 'much']);
  assert.deepEqual(await stack.exited, { code: 2, signal: null });
  assert.match(stack.output(), /--latency must be a whole number.*\nUsage: start\.mjs/);
  rmSync(stack.folder, { recursive: true });
});

async function assertGone(stack, family) {
  const left = async () => [
    ...family.filter((pid) => statusOf(pid)).map((pid) => `process ${pid}`),
    ...(await openPorts(stack.ready)).map((port) => `port ${port}`),
    ...readdirSync(stack.folder).map((file) => `file ${file}`),
  ];
  await until(async () => (await left()).length === 0, SOON_MS);
  assert.deepEqual(await left(), []);
  rmSync(stack.folder, { recursive: true });
}

/** The process and all that descend from it. */
function familyOf(pid) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  const children = all.filter((other) => statusOf(other)?.parent === pid);
  return [pid, ...children.flatMap(familyOf)];
}

/** `{ parent }` of a living process. One that is dead but not yet collected is not living. */
function statusOf(pid) {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return state === 'Z' ? undefined : { parent: Number(parent) };
  } catch {
    return undefined;
  }
}

async function openPorts(ready) {
  if (!ready) return [];
  const urls = [...ready.projects, ...(ready.families ?? [])].flatMap(({ url, rest_url, control_url }) => [url, rest_url, control_url]);
  const ports = [...urls, ready.store.admin_url].map((url) => Number(new URL(url).port));
  const open = await Promise.all(ports.map(isOpen));
  return ports.filter((_, index) => open[index]);
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
