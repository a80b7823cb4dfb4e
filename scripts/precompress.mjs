// Writes .br and .gz beside each text or wasm file of the site, at the highest level: done once here, sent as it is
// by the server. Drops files of earlier builds, whose hashed names nothing asks for any more.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const site = process.argv[2];
const hashes = readFileSync(join(site, '../release/hash.txt'), 'utf8')
  .split('\n')
  .map((line) => line.split(':')[1]?.trim())
  .filter(Boolean);
const folder = join(site, 'pkg');

for (const name of readdirSync(folder)) {
  const file = join(folder, name);
  if (!hashes.some((hash) => name.includes(hash)) || /\.(br|gz)$/.test(name)) rmSync(file, { recursive: true });
}
for (const name of readdirSync(folder)) {
  const file = join(folder, name);
  const bytes = readFileSync(file);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  console.log(`${name.padEnd(40)} ${bytes.length} bytes, ${brotli.length} with brotli`);
}
