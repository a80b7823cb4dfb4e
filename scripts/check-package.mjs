// Whether a package is whole: unpacks it, checks its sum, names and links, and starts the program in an empty folder, as
// somebody would who has just downloaded it.
//
//   node scripts/check-package.mjs target/painel-0.1.0-x86_64-linux.tar.gz
import { execFileSync, spawn } from 'node:child_process';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { onFreePort } from '../end2end/stack/ports.mjs';
import { links } from './links.mjs';

const began = Date.now();
const [archive] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'painel-package-'));
let child;
let said = ''; // by the program, in its log
try {
  const [sum] = readFileSync(`${archive}.sha256`, 'utf8').split(' ');
  assert.equal(createHash('sha256').update(readFileSync(archive)).digest('hex'), sum, 'the SHA-256 beside it');
  execFileSync('tar', ['-xzf', resolve(archive), '-C', folder]);
  const name = basename(archive, '.tar.gz');
  assert.deepEqual(readdirSync(folder), [name], 'one folder, named as the package');
  const unpacked = join(folder, name);
  for (const file of ['README.md', 'SECURITY.md', 'LICENCES.txt', '.env.example', 'docs/operations.md', 'docs/keys.md', 'packaging/painel.service', 'end2end/stack/schema.sql']) {
    assert.ok(statSync(join(unpacked, file)).size > 0, file);
  }
  assert.deepEqual(links(unpacked).broken, [], 'no link of its documents leads out of it');

  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const program = join(unpacked, 'painel');
  execFileSync(program, ['keygen'], { cwd: empty, env: {}, stdio: 'ignore' });
  const { address, ended, ready } = await onFreePort((port) => start(`127.0.0.1:${port}`, empty, program));

  // Signing in has no script: a page that has one is asked.
  const page = await (await fetch(`http://${address}/nada-aqui`)).text();
  const files = [...new Set(page.match(/\/pkg\/[\w-]+\/[.\w-]+\.(?:js|wasm|css)/g))].sort();
  assert.equal(files.length, 4, `the page names script, what brings its parts, wasm and style: ${files}`);
  for (const file of files) {
    for (const encoding of ['br', 'gzip', 'identity']) {
      const answer = await fetch(`http://${address}${file}`, { headers: { 'accept-encoding': encoding } });
      await answer.arrayBuffer();
      assert.equal(answer.status, 200, file);
      assert.equal(answer.headers.get('content-encoding') ?? 'identity', encoding, `${file} precompressed`);
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    }
  }
  for (const file of ['favicon.svg', 'site.webmanifest', 'icon-180.png', 'icon-192.png', 'icon-512.png', 'icon-maskable-512.png']) {
    assert.equal((await fetch(`http://${address}/${file}`)).status, 200, file);
  }
  assert.deepEqual(readdirSync(empty), ['data'], 'it made its data folder and nothing else');
  const memory = Number(readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
  child.kill('SIGTERM');
  assert.equal(await ended, 0, 'it stops when it is asked to');
  console.log(`${name}: ready ${ready} ms after its start, ${Math.round(memory / 1024)} MB, ${files.length * 3} of ${files.length * 3} files as precompressed, checked in ${Date.now() - began} ms`);
} catch (error) {
  console.error(said);
  throw error;
} finally {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** Serves until it answers; `ended` has its status, `ready` the milliseconds it took. What it said is the error. */
async function start(address, cwd, program) {
  const starting = Date.now();
  child = spawn(program, [], { cwd, env: { LEPTOS_SITE_ADDR: address, RUST_LOG: 'error' }, stdio: ['ignore', 'inherit', 'pipe'] });
  said = '';
  child.stderr.on('data', (part) => (said += part));
  const ended = new Promise((done) => child.once('close', done));
  while (!(await fetch(`http://${address}/readyz`).catch(() => ({ ok: false }))).ok) {
    if (child.exitCode !== null) throw new Error((await ended, said));
    assert.ok(Date.now() - starting < 20_000, `it answers: ${said}`);
    await new Promise((done) => setTimeout(done, 5));
  }
  return { address, ended, ready: Date.now() - starting };
}
