// Page time against the same rows fetched raw: one keep-alive connection each, rounds interleaved, medians compared.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO, setUp } from '../end2end/stack/demo.mjs';

const ROUNDS = 15;
const PER_ROUND = 40;
const stack = JSON.parse(readFileSync(process.env.PAINEL_TEST_STACK, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'painel-bench-'));
const port = 20000 + Math.floor(Math.random() * 20000);
const base = `http://127.0.0.1:${port}`;
const env = {
  ...process.env,
  LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
  PAINEL_DATABASE_URL: `sqlite://${join(folder, 'painel.db')}`,
  PAINEL_KEYRING: join(folder, 'keyring.json'),
  PAINEL_EGRESS_ALLOW: stack.projects.map((project) => project.origin).join(','),
  RUST_LOG: 'warn',
};
const binary = 'target/release/painel';
const painel = (args, input) => spawnSync(binary, args, { input, encoding: 'utf8', env });
setUp({ painel, stack, keyring: env.PAINEL_KEYRING });
const started = process.hrtime.bigint();
const server = spawn(binary, ['serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] });

/** Fetches a URL whole; gives status, body and milliseconds to the first byte and to the end. */
function fetchOnce(agent, url, headers = {}, method = 'GET', body) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const since = () => Number(process.hrtime.bigint() - began) / 1e6;
    const call = request(url, { agent, headers, method }, (answer) => {
      let first;
      const chunks = [];
      answer.on('data', (chunk) => {
        first ??= since();
        chunks.push(chunk);
      });
      answer.on('end', () => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks), first: first ?? since(), ms: since() });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const agents = { page: new Agent({ keepAlive: true, maxSockets: 1 }), raw: new Agent({ keepAlive: true, maxSockets: 1 }) };

async function main() {
  for (;;) {
    const up = await fetchOnce(agents.page, `${base}/livez`).catch(() => null);
    if (up?.status === 200) break;
    if (server.exitCode !== null) throw new Error('the server ended at once; its reason stands above');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const coldStart = Number(process.hrtime.bigint() - started) / 1e6;
  const idle = memory();
  const { email, password } = DEMO[0];
  const form = new URLSearchParams({ email, password, next: '' }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: base, referer: `${base}/login` };
  const signedIn = await fetchOnce(agents.page, `${base}/api/session/log_in`, headers, 'POST', form);
  const cookie = signedIn.headers['set-cookie'].at(-1).split(';')[0];

  const project = stack.projects[0];
  const key = { apikey: project.publishable_key };
  const rest = (path) => `${project.url}/rest/v1/${path}`;
  const day = 86400000;
  const ago = (days) => new Date(Date.now() - days * day).toISOString();
  const list = rest('conversations?select=id,phone,name,status,last_message,created_at,updated_at&order=updated_at.desc,id.desc&limit=51');
  const overview = [
    rest(`conversations?select=created_at&created_at=gte.${ago(29)}&order=created_at.desc,id.desc&limit=1000`),
    rest(`appointments?select=starts_at,status&starts_at=gte.${ago(13)}&starts_at=lt.${ago(-1)}&order=starts_at,id&limit=1000`),
    rest(`appointments?select=*&ends_at=gte.${ago(0)}&status=neq.cancelled&order=starts_at,id&limit=8`),
  ];
  const cases = [
    { name: '/conversations (50 rows)', path: '/conversations', raw: [list] },
    { name: '/ (three sources), against its slowest read', path: '/', raw: overview },
  ];
  const page = (path) => fetchOnce(agents.page, base + path, { cookie, accept: 'text/html' });
  const rows = [];
  for (const { name, path, raw } of cases) {
    const ours = [];
    const theirs = raw.map(() => []);
    for (let round = 0; round < ROUNDS + 1; round++) {
      for (let n = 0; n < PER_ROUND; n++) {
        const answer = await page(path);
        if (answer.status !== 200 || !answer.body.includes('</html>')) throw new Error(`${path}: ${answer.status}`);
        if (round > 0) ours.push(answer.ms);
      }
      for (let n = 0; n < PER_ROUND; n++) {
        for (const [index, url] of raw.entries()) {
          const answer = await fetchOnce(agents.raw, url, key);
          if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.body}`);
          if (round > 0) theirs[index].push(answer.ms);
        }
      }
    }
    const slowest = Math.max(...theirs.map(median));
    rows.push({ name, ours: median(ours), raw: slowest, ratio: median(ours) / slowest });
  }

  const latency = async (ms) => {
    await fetchOnce(new Agent(), `${project.control_url}/latency`, { 'content-type': 'application/json' }, 'POST', JSON.stringify({ ms }));
  };
  const firstByte = async (ms) => {
    await latency(ms);
    const values = [];
    for (let n = 0; n < 25; n++) values.push((await page('/conversations')).first);
    return median(values);
  };
  const [fast, slow] = [await firstByte(0), await firstByte(200)];
  await latency(0);
  rows.push({ name: 'first byte of /conversations at 200 ms upstream, against at 0 ms', ours: slow, raw: fast, ratio: slow / fast });

  const site = 'target/site/pkg';
  const names = execFileSync('ls', [site], { encoding: 'utf8' }).split('\n').filter((name) => name.endsWith('.br'));
  const bytes = names.reduce((sum, name) => sum + readFileSync(join(site, name)).length, 0);

  const lines = [
    '# Results of `make bench`',
    '',
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0].model.trim()}. Medians of ${ROUNDS * PER_ROUND} requests, interleaved; only ratios compare between machines.`,
    '',
    '| what | ours, ms | raw, ms | ratio |',
    '|---|---|---|---|',
    ...rows.map((row) => `| ${row.name} | ${row.ours.toFixed(2)} | ${row.raw.toFixed(2)} | ${row.ratio.toFixed(2)} |`),
    '',
    `Download of a first visit (script, wasm, style; brotli): ${(bytes / 1024).toFixed(0)} KB. Start to first answer: ${coldStart.toFixed(0)} ms. Idle memory: ${idle} MB.`,
    '',
  ];
  writeFileSync('bench/RESULTS.md', lines.join('\n'));
  console.log(lines.join('\n'));
}

function memory() {
  const line = readFileSync(`/proc/${server.pid}/status`, 'utf8').split('\n').find((text) => text.startsWith('VmRSS'));
  return Math.round(Number(line.replace(/\D/g, '')) / 1024);
}

try {
  await main();
} finally {
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
  for (const agent of Object.values(agents)) agent.destroy();
}
