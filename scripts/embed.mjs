// Puts a built site into the finished executable, so that one file is all of an installation:
//
//   node scripts/embed.mjs EXECUTABLE SITE [OUT]      (without OUT the executable is replaced)
//
// The end of the result is: a tar archive (hash.txt from beside the executable, the site's files), its SHA-256, its length
// as a little-endian u64, "PAINEL\0\1". server/src/web/bundle.rs reads it. The same input gives the same bytes; files are
// as old as SOURCE_DATE_EPOCH, the last commit, or the executable: caches compare the icon by it. cargo's own copy in target/release/deps is left alone.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const MAGIC = Buffer.from('PAINEL\0\x01', 'latin1');
const FOOTER = 32 + 8 + MAGIC.length;

const [executable, site, out = executable] = process.argv.slice(2);
if (!site) {
  console.error('usage: node scripts/embed.mjs EXECUTABLE SITE [OUT]');
  process.exit(2);
}

const age = process.env.SOURCE_DATE_EPOCH ?? commitTime() ?? Math.floor(statSync(executable).mtimeMs / 1000);
const archive = execFileSync(
  'tar',
  [
    ...['--create', '--format=ustar', '--sort=name', `--mtime=@${age}`, '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rw,go=r'],
    ...['-C', resolve(dirname(executable)), ...(existsSync(join(dirname(executable), 'hash.txt')) ? ['hash.txt'] : [])],
    ...['-C', resolve(site), '.'],
  ],
  { maxBuffer: 64 << 20 },
);
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(archive.length));

// Under another name first: a broken run leaves the old file, and cargo's, which may be the same by a hard link, stays.
const part = `${out}.part`;
rmSync(part, { force: true });
copyFileSync(executable, part);
const file = openSync(part, 'r+');
const bare = lengthWithoutSite(file);
ftruncateSync(file, bare);
let at = bare;
for (const bytes of [archive, createHash('sha256').update(archive).digest(), length, MAGIC]) at += writeSync(file, bytes, 0, bytes.length, at);
closeSync(file);
chmodSync(part, 0o755);
renameSync(part, out);
console.log(`${out}: ${at} bytes, ${archive.length} of them the site`);

/** How long a program is without the site that an earlier run put there. */
function lengthWithoutSite(file) {
  const { size } = fstatSync(file);
  if (size < FOOTER) return size;
  const footer = Buffer.alloc(FOOTER);
  readSync(file, footer, 0, FOOTER, size - FOOTER);
  if (!footer.subarray(40).equals(MAGIC)) return size;
  return size - FOOTER - Number(footer.readBigUInt64LE(32));
}

function commitTime() {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined; // not a repository: the sources of a release
  }
}
