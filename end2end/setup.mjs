// Before all tests: makes key ring, tenants and people through the product's own command line, serves, and signs
// everybody in once. What it returns ends all of that again.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { make, signInAll } from './make-people.mjs';
import { atFirst, testPeople } from './people.mjs';
import { product } from './server.mjs';
import { setUp } from './stack/demo.mjs';
import { addLongThread } from './long-thread.mjs';

export default async function start() {
  const ready = process.env.PAINEL_TEST_STACK;
  if (!ready) throw new Error('The demo stack does not run: start the tests with `node scripts/with-stack.mjs npx …`.');
  const stack = JSON.parse(readFileSync(ready, 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'painel-e2e-'));
  let server;
  const stop = async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const painel = product(folder, stack);
    setUp({ painel: painel.run, stack, keyring: painel.keyring });
    make(testPeople, painel, stack);
    await addLongThread(stack.projects.find(({ slug }) => slug === 'clinica-aurora'));
    server = await painel.serve();
    process.env.PAINEL_E2E = join(folder, 'world.json'); // tests/world.mjs reads it in every worker
    writeFileSync(process.env.PAINEL_E2E, JSON.stringify({ folder, url: server.url, log: painel.log, stack }));
    await signInAll(atFirst, server.url, folder);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
