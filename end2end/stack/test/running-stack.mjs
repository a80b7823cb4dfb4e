// Starts the stack's command as a user would, for the tests in this folder.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START = fileURLToPath(new URL('../start.mjs', import.meta.url));
const PATIENCE_MS = 60_000;

const IN_BETWEEN = `require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' })`;

/** Starts it, not waiting; with `inBetween`, as the child of a process that does nothing else. */
export function launchStack(options = [], { inBetween = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'stack-test-'));
  const readyFile = join(folder, 'ready.json');
  chmodSync(folder, 0o711); // Postgres may run as another user
  const args = [START, '--ready', readyFile, '--data', folder, ...options];
  const child = spawn(process.execPath, inBetween ? ['-e', IN_BETWEEN, process.execPath, ...args] : args);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  return { child, exited, folder, readyFile, output: () => output };
}

/** Starts it and waits for the ready file. */
export async function startStack(options, how) {
  const stack = launchStack(options, how);
  await until(() => existsSync(stack.readyFile) || stack.child.exitCode !== null, PATIENCE_MS);
  if (!existsSync(stack.readyFile)) throw new Error(`the stack did not start:\n${stack.output()}`);
  stack.ready = JSON.parse(readFileSync(stack.readyFile, 'utf8'));
  [stack.clinic, stack.barber] = stack.ready.projects;
  stack.end = async () => {
    stack.child.kill('SIGTERM');
    await stack.exited;
    rmSync(stack.folder, { recursive: true, force: true });
  };
  return stack;
}

/** Waits for `condition`; false when it did not come true within `ms`. */
export async function until(condition, ms) {
  const deadline = Date.now() + ms;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** GET with an `apikey`; the body parsed when it is JSON. */
export async function get(url, headers = {}) {
  const response = await fetch(url, { headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export async function control(project, call, body) {
  const response = await fetch(project.control_url + call, body && { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}
