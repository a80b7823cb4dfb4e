// Writes .br and .gz beside each text or wasm file of the site, at the highest level: done once here, sent as it is
// by the server. What describes them for TypeScript goes: nothing asks for it.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = join(process.argv[2], 'pkg');
for (const name of readdirSync(folder).filter((name) => name.endsWith('.ts'))) rmSync(join(folder, name));
for (const name of readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile())) {
  const file = join(folder, name);
  const bytes = readFileSync(file);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  console.log(`${name.padEnd(40)} ${bytes.length} bytes, ${brotli.length} with brotli`);
}
