// The system user that Postgres runs as.
//
// Why it stands here: initdb and postgres refuse to run as root, and containers and CI often are root.
// A normal user runs them as themselves; root lends them to `postgres`, or else `nobody`.

import { execFileSync } from 'node:child_process';

const CANDIDATES = ['postgres', 'nobody'];

/** `{ name, uid, gid }` to run Postgres as; without uid and gid when we need not change. */
export function databaseUser() {
  if (process.getuid() !== 0) return { name: 'the current user' };
  for (const name of CANDIDATES) {
    try {
      return { name, uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // no such user: the next one
    }
  }
  throw new Error(
    `Postgres does not run as root, and there is no user ${CANDIDATES.join(' or ')} to run it as. ` +
      'Create one (useradd --system postgres), or start the stack as a normal user.',
  );
}

function idOf(flag, name) {
  return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}
