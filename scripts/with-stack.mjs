// Runs a command while the demo stack runs, telling it where by PAINEL_TEST_STACK (the stack's ready file) and
// PAINEL_TEST_POSTGRES (a server to create databases on).
import { fork, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [command, ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'painel-stack-'));
const ready = join(folder, 'stack.json');
const script = new URL('../end2end/stack/start.mjs', import.meta.url).pathname;
const stack = fork(script, ['--ready', ready, '--families'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
const ended = new Promise((resolve) => stack.once('exit', resolve));

while (!existsSync(ready)) {
  if (stack.exitCode !== null) process.exit(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const { store } = JSON.parse(readFileSync(ready, 'utf8'));
const env = { ...process.env, PAINEL_TEST_STACK: ready, PAINEL_TEST_POSTGRES: store.admin_url };
const child = spawn(command, args, { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
const code = await new Promise((resolve) => {
  child.once('error', (error) => {
    console.error(`${command}: ${error.message}`);
    resolve(127);
  });
  child.once('exit', (status) => resolve(status ?? 1));
});
stack.kill('SIGTERM');
await ended;
rmSync(folder, { recursive: true, force: true });
process.exit(code);
