// Starts the stack's child processes and knows how to end them all.
//
// Why it stands here: everything that runs is started through these two functions, so that stopping
// is one call. A child ends when its IPC channel closes (leash.mjs tells why), and is killed if not.

import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEASH = fileURLToPath(new URL('./leash.mjs', import.meta.url));
const PATIENCE_MS = 3000;

const running = new Set();
let stopping = false;

/**
 * Forks a Node module, hands it `config` as its first message and writes its output to `log`.
 * `detached` keeps the terminal's Ctrl-C away from it: only start.mjs decides when it ends.
 */
export function startModule({ name, file, args = [], config, log }) {
  if (stopping) throw new Error(`${name} was not started: the stack is stopping`);
  const output = openSync(log, 'a', 0o600);
  const child = fork(file, args, { detached: true, execArgv: [], stdio: ['ignore', output, output, 'ipc'] });
  closeSync(output);

  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(handle);
      resolve({ code, signal });
    });
  });
  const handle = {
    name,
    exited,
    output: () => readFileSync(log, 'utf8'),
    reply: () => Promise.race([new Promise((resolve) => child.once('message', resolve)), endedEarly(handle)]),
    async stop() {
      if (child.connected) child.disconnect();
      const kill = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await exited;
      clearTimeout(kill);
    },
  };
  running.add(handle);
  child.send(config);
  return handle;
}

async function endedEarly(child) {
  await child.exited;
  throw new Error(`${child.name} ended while it was starting:\n${lastWords(child)}`);
}

/** Starts a foreign program on a leash, which removes the paths `removeAfter` at the end. leash.mjs has the rest. */
export function startProgram({ name, log, removeAfter = [], ...job }) {
  return startModule({ name, file: LEASH, args: removeAfter, config: { stopSignal: 'SIGTERM', ...job }, log });
}

/** Ends all children, and lets no new one start. */
export async function stopAll() {
  stopping = true;
  await Promise.all([...running].map((child) => child.stop()));
}

/** The last lines of a child's output: the part of an error message that tells the reason. */
export function lastWords(child) {
  return child.output().trim().split('\n').slice(-8).join('\n');
}

/** Calls `probe` until it is truthy. Fails when the child ends first, or after `seconds`. */
export async function waitUntil(child, probe, seconds = 60) {
  const early = endedEarly(child);
  early.catch(() => {}); // it counts only while we wait
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    if (await Promise.race([probe(), early])) return;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 25)), early]);
  }
  throw new Error(`${child.name} did not answer within ${seconds} s:\n${lastWords(child)}`);
}
