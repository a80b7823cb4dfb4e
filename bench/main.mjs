// What `make bench` runs: the cases in turn, and their rows as one table, which a whole run also writes to RESULTS.md.
//
// BENCH_CASE names cases, with commas, to run them alone. scripts/bench.sh says what else must be there.
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { attempt } from './measure.mjs';
import { ROOT, calm, finish, pinned } from './world.mjs';

const CASES = ['pages', 'warm', 'visit', 'micro', 'sign-ins', 'hanging', 'tenants', 'start'];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
process.on('exit', finish);

const named = (process.env.BENCH_CASE ?? '').split(',').filter(Boolean);
const unknown = named.filter((name) => !CASES.includes(name));
if (unknown.length > 0) {
  console.error(`There is no case ${unknown.join(', ')}. There are: ${CASES.join(', ')}.`);
  process.exit(2);
}

const began = performance.now();
const rows = [];
for (const name of named.length > 0 ? named : CASES) {
  const from = performance.now();
  const { default: measure } = await import(`./cases/${name}.mjs`);
  rows.push(...(await attempt(name, measure)));
  await calm();
  console.error(`${name}: ${Math.round((performance.now() - from) / 1000)} s`);
}

const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GB`;
const shares = pinned
  ? 'The server has one core, and the load, PostgREST and Postgres have the other.'
  : 'Server, load, PostgREST and Postgres share all cores.';
// What failed may say where something is on this machine.
const cell = (text) => String(text).replaceAll(ROOT, '').replaceAll('|', '\\|');
const line = ({ name, value, spread, goal, met, behind }) => `| ${[name, value, spread, goal, met, behind].map(cell).join(' | ')} |`;
const table = ['| measure | value | quartiles | goal | met | of |', '|---|---|---|---|---|---|', ...rows.map(line)].join('\n');
const day = new Date().toISOString().slice(0, 10);
const minutes = Math.round((performance.now() - began) / 60_000);
const text = `# Results of \`make bench\`

${day}, ${machine}, in ${minutes} minutes. ${shares}
Both sides of a ratio are measured in turn in the same run; only ratios compare between machines. [README.md](README.md) says how
to read it.

${table}
`;
console.log(`\n${table}`);
if (named.length === 0) writeFileSync(join(ROOT, 'bench/RESULTS.md'), text);
process.exit(rows.some(({ failed }) => failed) ? 1 : 0);
