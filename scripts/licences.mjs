// Prints what the program is made of: Painel's own terms, each crate inside with its version and licence as its authors
// state it, and the texts that come with them, each once. Only what the server and the browser's part are built from, not
// what tests use.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TARGETS = ['x86_64-unknown-linux-gnu', 'wasm32-unknown-unknown'];

const cargo = (...args) => execFileSync('cargo', args, { encoding: 'utf8', maxBuffer: 256 << 20 });
const { packages } = JSON.parse(cargo('metadata', '--format-version=1', '--locked', ...TARGETS.map((target) => `--filter-platform=${target}`)));
const described = new Map(packages.map((crate) => [`${crate.name} ${crate.version}`, crate]));

const tree = ['tree', '--locked', '--edges=normal', '--prefix=none', '--format={p}'];
const lines = [
  ...cargo(...tree, '--package=server', `--target=${TARGETS[0]}`).split('\n'),
  ...cargo(...tree, '--package=frontend', `--target=${TARGETS[1]}`).split('\n'),
];
const inside = new Set(lines.map((line) => line.match(/^(\S+) v(\S+)/)).filter(Boolean).map(([, name, version]) => `${name} ${version}`));
const foreign = [...inside].map((name) => described.get(name)).filter((crate) => crate?.source);
foreign.sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));

const unknown = foreign.filter((crate) => !crate.license && !crate.license_file);
if (unknown.length) throw new Error(`no licence stated: ${unknown.map((crate) => crate.name).join(', ')}`);

console.log('Painel is proprietary (LicenseRef-Proprietary). It contains these crates, each under its own licence:\n');
const texts = new Map();
for (const crate of foreign) {
  console.log(`${crate.name} ${crate.version}\t${crate.license ?? crate.license_file}\t${crate.repository ?? ''}`);
  const folder = dirname(crate.manifest_path);
  for (const name of readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|copyright|unlicense)/i.test(file))) {
    if (!statSync(join(folder, name)).isFile()) continue;
    const text = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim();
    texts.set(text, [...(texts.get(text) ?? []), crate.name]);
  }
}
for (const [text, crates] of texts) console.log(`\n${'-'.repeat(80)}\n${[...new Set(crates)].join(', ')}:\n\n${text}`);
