// The command line of the demo stack: starts it, says where it is, and ends it with everything it made.
//
//   node end2end/stack/start.mjs --ready FILE [--data DIR] [--latency MS] [--families] [--until-stdin-closes]
//
// Why it stands here: `make run` and the tests start this one command and read FILE. Whatever way it
// ends, by a signal, with its parent, or killed, nothing of it may stay behind (leash.mjs for the last).

import { accessSync, chmodSync, constants, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { lastWords, stopAll } from './process.mjs';

const PARENT_CHECK_MS = 500;

const options = readOptions();
const scratch = makeScratch(options.data);
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
endWithParent();
if (options.untilStdinCloses) process.stdin.on('close', () => end(0)).resume();

try {
  accessSync(dirname(options.ready), constants.W_OK);
  rmSync(options.ready, { force: true });
  const started = performance.now();
  const removeAfter = [scratch, options.ready];
  const { bringUp } = await import('./stack.mjs'); // here, so that a missing npm package gets a sentence
  const { ready, counts, children } = await bringUp({ scratch, removeAfter, ...options });
  for (const child of children) child.exited.then(() => fail(`${child.name} ended unexpectedly:\n${lastWords(child)}`));
  if (!ending) {
    writeReadyFile(ready);
    announce(ready, counts, performance.now() - started);
  }
} catch (error) {
  const advice = error.code === 'ERR_MODULE_NOT_FOUND' ? '\nRun "npm ci" in end2end/ first.' : '';
  fail(`The demo stack could not start. ${error.message}${advice}`);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        ready: { type: 'string' },
        data: { type: 'string', default: tmpdir() },
        latency: { type: 'string', default: '0' },
        families: { type: 'boolean', default: false },
        'until-stdin-closes': { type: 'boolean', default: false },
      },
    });
    if (!values.ready) throw new Error('--ready FILE is missing: the file to write once everything answers');
    if (!/^\d{1,5}$/.test(values.latency)) throw new Error('--latency must be a whole number of milliseconds below 100000');
    return {
      ready: resolve(values.ready),
      data: resolve(values.data),
      latency: Number(values.latency),
      families: values.families,
      untilStdinCloses: values['until-stdin-closes'],
    };
  } catch (error) {
    console.error(error.message);
    console.error('Usage: start.mjs --ready FILE [--data DIR] [--latency MS] [--families] [--until-stdin-closes]');
    process.exit(2);
  }
}

function makeScratch(parent) {
  try {
    const folder = mkdtempSync(join(parent, 'painel-stack-'));
    chmodSync(folder, 0o711); // the user that Postgres runs as must get through to its data
    return folder;
  } catch (error) {
    console.error(`No temporary folder could be made in ${parent}: ${error.message}`);
    process.exit(1);
  }
}

/** A process whose parent has died gets another one; there is no signal for it. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end(0);
  }, PARENT_CHECK_MS);
}

/** Written aside and renamed, so that whoever waits for the file never reads half of it. */
function writeReadyFile(ready) {
  const aside = `${options.ready}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(ready, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, options.ready);
}

function announce({ projects, families = [] }, counts, elapsed) {
  for (const { slug, name, url } of [...projects, ...families]) {
    const contents = Object.entries(counts[slug]).map(([table, count]) => `${count} ${table}`);
    console.log(`${name}: ${url} (${contents.join(', ')})`);
  }
  console.log(`Ready in ${(elapsed / 1000).toFixed(1)} s. Ctrl-C ends it.`);
}

function fail(message) {
  if (ending) return;
  console.error(message);
  end(1);
}

async function end(code) {
  if (ending) return;
  ending = true;
  rmSync(options.ready, { force: true });
  await stopAll();
  rmSync(scratch, { recursive: true, force: true });
  process.exit(code);
}
