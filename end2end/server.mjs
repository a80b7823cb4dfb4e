// The product under test: the real binary with a database, a key ring and a port of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onFreePort } from './stack/ports.mjs';
import { startProgram, waitUntil } from './stack/process.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The binary in `folder`, ready to run commands and to serve. `stack` is what the demo stack's ready file says. */
export function product(folder, stack) {
  const command = resolve(ROOT, process.env.PAINEL_BIN ?? 'target/release/painel');
  if (!existsSync(command)) throw new Error(`${command} is missing: build it with 'make build', or set PAINEL_BIN.`);
  const keyring = join(folder, 'keyring.json');
  const log = join(folder, 'painel.log');
  // Nothing else of this shell's environment: a developer's settings must not decide a test.
  const env = {
    PATH: process.env.PATH,
    PAINEL_DATABASE_URL: `sqlite://${join(folder, 'painel.db')}`,
    PAINEL_KEYRING: keyring,
    PAINEL_EGRESS_ALLOW: [...stack.projects, ...(stack.families ?? [])].map((project) => project.origin).join(','),
  };
  return {
    keyring,
    log,
    /** Runs one command of the command line: `{ status, stdout, stderr }`. */
    run: (args, input = '') => {
      const done = spawnSync(command, args, { input, env, cwd: folder, encoding: 'utf8' });
      if (done.error) throw done.error;
      return done;
    },
    /** Serves, with everything it can say in the log. Ends with whoever started it, and takes the folder along. */
    serve: () =>
      onFreePort(async (port) => {
        const child = startProgram({
          name: 'Painel',
          command,
          args: ['serve'],
          cwd: folder,
          env: { ...env, LEPTOS_SITE_ADDR: `127.0.0.1:${port}`, RUST_LOG: 'trace' },
          log,
          removeAfter: [folder],
        });
        const url = `http://127.0.0.1:${port}`;
        await waitUntil(child, () => answers(`${url}/readyz`));
        return { url, stop: () => child.stop() };
      }),
  };
}

/** The database's files: SQLite keeps up to three. */
export function databaseFiles(folder) {
  return readdirSync(folder)
    .filter((name) => name.startsWith('painel.db'))
    .map((name) => join(folder, name));
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
