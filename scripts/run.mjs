// The running part of `make run`: demo stack, key ring, demo tenants, then `cargo leptos watch`. Every child hangs on a
// leash (end2end/stack/leash.mjs), so that nothing outlives this process, whatever ends it.
import { fork, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { DEMO, DEMO_AGENCY, setUp } from '../end2end/stack/demo.mjs';

const READY = 'data/demo/stack.json';
const leash = new URL('../end2end/stack/leash.mjs', import.meta.url).pathname;
const children = new Set();

function start(name, job) {
  const child = fork(leash, [], { detached: true, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.add(child);
  child.ended = new Promise((resolve) => child.once('exit', resolve));
  child.once('exit', (code) => {
    children.delete(child);
    if (!stopping) stop(`${name} ended by itself.`, code || 1);
  });
  child.send({ env: process.env, cwd: process.cwd(), stopSignal: 'SIGINT', group: true, ...job });
  return child;
}

let stopping = false;
async function stop(reason, code = 0) {
  if (stopping) return;
  stopping = true;
  console.log(`\n${reason} Ending the demo.`);
  const all = [...children];
  for (const child of all) if (child.connected) child.disconnect();
  await Promise.all(all.map((child) => child.ended));
  process.exit(code);
}
process.on('SIGINT', () => stop('Stopped.'));
process.on('SIGTERM', () => stop('Stopped.'));
process.on('SIGHUP', () => stop('The terminal was closed.'));

const started = Date.now();
mkdirSync('data/demo', { recursive: true });
rmSync(READY, { force: true });
console.log('\n▸ Starting the demo stack: Postgres, two PostgREST, two gateways, demo data (about 5 seconds)');
start('The demo stack', { command: process.execPath, args: ['end2end/stack/start.mjs', '--ready', READY], stopSignal: 'SIGTERM' });
while (!existsSync(READY)) await new Promise((resolve) => setTimeout(resolve, 50));
const stack = JSON.parse(readFileSync(READY, 'utf8'));

process.env.PAINEL_EGRESS_ALLOW = stack.projects.map((project) => project.origin).join(',');
const painel = (args, input = '') => {
  const done = spawnSync('target/debug/painel', args, { input, encoding: 'utf8' });
  if (done.error) throw done.error;
  return done;
};
setUp({ painel, stack, keyring: process.env.PAINEL_KEYRING ?? 'data/keyring.json' });

console.log(`\n▸ Set up in ${((Date.now() - started) / 1000).toFixed(1)} s. In a moment Painel answers on http://127.0.0.1:3000. Sign in as`);
for (const { tenant, email, password } of DEMO) console.log(`    ${email.padEnd(36)} ${password}    ${tenant}`);
console.log(`    ${DEMO_AGENCY.email.padEnd(36)} ${DEMO_AGENCY.password}    a agência (/console)`);
console.log('  Ctrl-C ends everything.\n');
start('cargo leptos watch', { command: 'cargo', args: ['leptos', 'watch'] });
