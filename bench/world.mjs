// What is measured: the release, each time with a database, a key ring and a port of its own, beside the demo stack. Where there is
// `taskset` it has the first core to itself; the load and what stands for foreign machines (gateways, PostgREST, Postgres) have
// the second, which scripts/bench.sh gives them.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onFreePort } from '../end2end/stack/ports.mjs';
import { agent, fetchOnce, memory, processorSeconds, sleep } from './measure.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BINARY = join(ROOT, 'target/release/painel');
const PASSWORD = 'cortina-cobre-medida-2026';
/** Memory as a file system: a fleet is written there and copied, or each of its thousands of commits waits for a disk. */
const IN_MEMORY = '/dev/shm';
/** Longer than any start takes, in milliseconds. */
const STARTS_WITHIN = 20_000;

/** Whether server and load have a core each. */
export const pinned = process.env.BENCH_PINNED === '1';
/** Processors that the server sees, and so passwords that it hashes at a time. */
export const permits = pinned ? 1 : cpus().length;

const stack = JSON.parse(readFileSync(process.env.PAINEL_TEST_STACK, 'utf8'));
export const [clinic, barber] = stack.projects;
const running = new Set();
const folders = new Set();

/** A command on the server's core. */
export const beside = (command, args) => (pinned ? ['taskset', ['-c', '0', command, ...args]] : [command, args]);

/** A program that scripts/bench.sh had built, by the name of its target. */
export function program(name) {
  for (const line of readFileSync(process.env.BENCH_PROGRAMS, 'utf8').split('\n').filter(Boolean)) {
    const { reason, target, executable } = JSON.parse(line);
    if (reason === 'compiler-artifact' && executable && target.name === name) return executable;
  }
  throw new Error(`${name} was not built`);
}

/** Starts a process that ends with us at the latest. */
export function start(command, args, options) {
  const child = spawn(...beside(command, args), options);
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  running.add(child);
  ended.then(() => running.delete(child));
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(5_000).then(() => child.kill('SIGKILL'))]);
    await ended;
  };
  return { child, stop };
}

/** A folder of ours that goes with us. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'painel-bench-'));
  folders.add(folder);
  return folder;
}

/** Ends everything that was started. */
export function finish() {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/**
 * An installation with groups of tenants: `slug` and a number name each (`c-0`), `project` is what it reads, `people` how many sign
 * in. Their connections count as looked at, so that no check runs beside a measurement.
 */
export function installation(groups) {
  if (!existsSync(BINARY)) throw new Error('target/release/painel is missing: `make build` makes it');
  const folder = scratch();
  const env = {
    PATH: process.env.PATH,
    PAINEL_DATABASE_URL: `sqlite://${join(folder, 'painel.db')}`,
    PAINEL_KEYRING: join(folder, 'keyring.json'),
    PAINEL_EGRESS_ALLOW: stack.projects.map(({ origin }) => origin).join(','),
    PAINEL_STOP_DELAY: '0',
  };
  const run = (command, args, more, input = '') => {
    const done = spawnSync(command, args, { input, encoding: 'utf8', cwd: folder, env: { ...env, ...more } });
    if (done.status !== 0) throw new Error(`${args[0]} failed: ${done.error?.message ?? done.stderr.trim()}`);
  };
  run(BINARY, ['keygen']);
  const made = groups.map(({ project, ...group }) => ({ ...group, project_url: project.url, api_key: project.publishable_key }));
  const quick = existsSync(IN_MEMORY) ? mkdtempSync(join(IN_MEMORY, 'painel-bench-')) : mkdtempSync(join(folder, 'fill-'));
  folders.add(quick);
  const filled = join(quick, 'painel.db');
  const wanted = JSON.stringify({ password: PASSWORD, groups: made });
  run(program('fleet'), ['fill'], { PAINEL_DATABASE_URL: `sqlite://${filled}` }, wanted);
  copyFileSync(filled, join(folder, 'painel.db'));
  rmSync(quick, { recursive: true, force: true });
  return {
    /** The release serving it, from the moment that its process is there. */
    launch: () => onFreePort(async (port) => launch(folder, env, port)),
    /** The same once it answers. */
    async serve() {
      const server = await this.launch();
      await server.answers('/readyz');
      return server;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function launch(folder, env, port) {
  const log = join(folder, 'painel.log');
  const base = `http://127.0.0.1:${port}`;
  const { child, stop } = start(BINARY, ['serve'], {
    cwd: folder,
    env: { ...env, LEPTOS_SITE_ADDR: `127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', openSync(log, 'a', 0o600)],
  });
  const through = agent();
  return {
    base,
    port,
    stop,
    memory: () => memory(child.pid),
    processorSeconds: () => processorSeconds(child.pid),
    /** Waits until it says 200 to this, which it is asked again and again. */
    async answers(path) {
      const until = performance.now() + STARTS_WITHIN;
      while (performance.now() < until) {
        const answer = await fetchOnce(through, base + path, { headers: { accept: 'text/html' } }).catch(() => undefined);
        if (answer?.status === 200) return answer;
        const lastWords = () => readFileSync(log, 'utf8').trim().split('\n').at(-1);
        if (child.exitCode !== null) throw new Error(`the server ended: ${lastWords()}`);
        await sleep(1);
      }
      throw new Error('the server does not answer');
    },
  };
}

/** One person of a group's tenant. */
export const person = (slug, tenant = 0, number = 0) => `p${number}@${slug}-${tenant}.example`;

/** Signs in as the form does; gives the session's cookie. */
export async function signIn({ base }, email, through = agent()) {
  const body = new URLSearchParams({ email, password: PASSWORD, next: '' }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: base, referer: `${base}/login` };
  const answer = await fetchOnce(through, `${base}/api/session/log_in`, { method: 'POST', headers, body });
  const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).find((pair) => pair.startsWith('painel='));
  if (answer.headers.location !== '/' || !cookie) throw new Error(`${email} could not sign in: ${answer.status}`);
  return cookie;
}

/** Somebody who is signed in and looks at pages, over one connection of their own. */
export async function visitor(server, email) {
  const through = agent();
  const cookie = await signIn(server, email, through);
  const page = async (path) => {
    const answer = await fetchOnce(through, server.base + path, { headers: { cookie, accept: 'text/html' } });
    if (answer.status !== 200 || !answer.body.includes('</html>')) throw new Error(`${path.split('?')[0]}: ${answer.status}`);
    return answer;
  };
  return { cookie, page };
}

/** The knobs of a project's gateway, and what was asked of it. */
export function gateway({ control_url: control }) {
  const call = async (method, path, body) => {
    const headers = { 'content-type': 'application/json' };
    // A connection of its own: the gateway ends kept ones after seconds, maybe just as one is used.
    const answer = await fetchOnce(false, control + path, { method, headers, body: body && JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`the gateway's ${path}: ${answer.status}`);
    return JSON.parse(answer.body);
  };
  return {
    latency: (ms) => call('POST', '/latency', { ms }),
    fault: (mode) => call('POST', '/fault', { mode }),
    reset: () => call('POST', '/requests/reset'),
    requests: () => call('GET', '/requests'),
  };
}

/** Has both projects well and near again. */
export async function calm() {
  for (const project of [clinic, barber]) {
    await gateway(project).fault('none');
    await gateway(project).latency(0);
  }
}

/** How many tenants of a kind the shared installation has: `c` reads the clinic's project, `b` the barber's. */
export const TENANTS = { c: 60, b: 12 };
/** People of its one tenant `m`, who sign in by the dozen. */
export const PEOPLE = 64;

let shared;
/** The server that most cases measure, made for the first of them. */
export function sharedServer() {
  shared ??= installation([
    { slug: 'c', tenants: TENANTS.c, people: 1, project: clinic },
    { slug: 'b', tenants: TENANTS.b, people: 1, project: barber },
    { slug: 'm', tenants: 1, people: PEOPLE, project: clinic },
  ]).serve();
  return shared;
}
