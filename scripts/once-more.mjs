// Runs `cargo test …`. Up to three tests that failed are run once more, each by itself, where a machine that was too busy may be
// the reason: tests that start programs or wait for a clock. Whoever passes then is named in target/once-more.txt, and the run
// goes on. What tells tenants apart, or loses something, is never asked twice: what happened once happened.
//
//   node scripts/once-more.mjs cargo test --quiet -p server --test it -- --test-threads 3
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';

const AT_MOST = 3;
const CLOCKS = /^(several|crowd|large_file|slow_clients|stopping|figures|traces|self_contained|live|health|pages|ports|sign_in|command_line|connection)::/;
const NEVER = /tenant|other|own_|mixed|meet|isolation|foreign|lost|leak|secret/;
const [command, ...args] = process.argv.slice(2);
const own = args.slice(0, args.indexOf('--') === -1 ? args.length : args.indexOf('--'));

let child;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child?.kill(signal));

const first = await run(args);
const failed = namesIn(first.output);
if (first.code === 0 || failed.length === 0 || failed.length > AT_MOST || !failed.every(mayBeTheClock)) process.exit(first.code);
for (const name of failed) {
  console.log(`\nonce more, by itself: ${name}`);
  const second = await run([...own, '--', '--exact', name]);
  // A name that is not there would pass as nothing at all.
  if (second.code !== 0 || !second.output.includes('test result: ok. 1 passed')) process.exit(second.code || 1);
  mkdirSync('target', { recursive: true });
  appendFileSync('target/once-more.txt', `${name}\n`);
}

function mayBeTheClock(name) {
  return CLOCKS.test(name) && !NEVER.test(name);
}

/** Runs the command, shows what it writes and keeps what tests write of their results. */
function run(args) {
  child = spawn(command, args, { stdio: ['inherit', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part) => {
    process.stdout.write(part);
    output += part;
  });
  return new Promise((done) => {
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      done({ code: 127, output });
    });
    child.once('close', (code) => done({ code: code ?? 1, output }));
  });
}

/** What stands under the last `failures:` is the list of names. */
function namesIn(output) {
  const list = output.slice(output.lastIndexOf('\nfailures:\n') + 1).split('\n\n')[0];
  return list.startsWith('failures:') ? list.split('\n').slice(1).map((line) => line.trim()) : [];
}
