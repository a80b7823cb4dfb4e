// What a first visit of the dashboard downloads beside the page itself, in bytes of brotli: script, wasm and style of the
// frame, which has the first page in it (app/src/parts.rs).
//
//   node scripts/first-visit.mjs SITE [MOST]      prints them; fails above MOST KB
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The files of every visit, each with its bytes. */
export function firstVisit(site) {
  const hashes = Object.fromEntries(
    readFileSync(join(site, '../release/hash.txt'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(':').map((word) => word.trim())),
  );
  const pkg = join(site, 'pkg');
  const names = [...['js', 'wasm', 'css'].map((kind) => `painel.${hashes[kind]}.${kind}`), `__wasm_split.${hashes.split}.js`];
  return names.map((name) => ({ name, bytes: statSync(join(pkg, `${name}.br`)).size }));
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const [site, most] = process.argv.slice(2);
  const files = firstVisit(site);
  for (const { name, bytes } of files) console.log(`${name.padEnd(60)} ${bytes}`);
  const kilobytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024;
  console.log(`A first visit downloads ${kilobytes.toFixed(0)} KB.`);
  if (most && kilobytes > Number(most)) {
    console.error(`That is more than ${most} KB: see what came into the frame or the first page, or say why and raise the limit.`);
    process.exit(1);
  }
}
