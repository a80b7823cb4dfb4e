// Before all tests: makes key ring, tenants and people through the product's own command line, serves, and signs
// everybody in once. What it returns ends all of that again.
import { request } from '@playwright/test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { people, testPeople } from './people.mjs';
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
    makeTestPeople(painel, stack);
    await addLongThread(stack.projects.find(({ slug }) => slug === 'clinica-aurora'));
    server = await painel.serve();
    process.env.PAINEL_E2E = join(folder, 'world.json'); // tests/world.mjs reads it in every worker
    writeFileSync(process.env.PAINEL_E2E, JSON.stringify({ folder, url: server.url, log: painel.log, stack }));
    for (const [key, person] of Object.entries(people)) {
      if (!person.suspended) await signIn(server.url, person, join(folder, `${key}.session.json`));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function makeTestPeople({ run }, { families }) {
  const painel = (args, input) => {
    const { status, stderr } = run(args, input);
    if (status !== 0) throw new Error(`painel ${args.join(' ')} failed:\n${stderr}`);
  };
  for (const { slug, tenant, timezone, name, email, role, agency, password, suspended, joins, family } of Object.values(testPeople)) {
    if (agency) {
      painel(['user', 'create', '--email', email, '--name', name, '--agency', agency, '--password-stdin'], password);
      continue;
    }
    if (!joins) painel(['tenant', 'create', '--slug', slug, '--name', tenant, '--timezone', timezone]);
    painel(['user', 'create', '--email', email, '--name', name, '--tenant', slug, '--role', role, '--password-stdin'], password);
    if (family) {
      const { url: project_url, publishable_key: api_key } = families.find((one) => one.family === family);
      painel(['credential', 'set', '--tenant', slug, '--provider', 'supabase', '--stdin'], JSON.stringify({ project_url, api_key }));
    }
    if (suspended) painel(['tenant', 'suspend', slug, '--reason', suspended]);
  }
}

/** Signs in as the form does, and keeps the cookie for every test of that person. */
async function signIn(url, { email, password, looks }, path) {
  const context = await request.newContext({ baseURL: url, extraHTTPHeaders: { accept: 'text/html' } });
  const response = await context.post('/api/session/log_in', { form: { email, password, next: '/' }, maxRedirects: 0 });
  const { cookies } = await context.storageState({ path });
  if (looks) await context.post('/api/mapping/detect', { form: { tables: '', schema: '' }, maxRedirects: 0, headers: { origin: url, referer: `${url}/settings/mapping` } });
  await context.dispose();
  if (response.status() >= 400 || cookies.length === 0) throw new Error(`${email} could not sign in: ${response.status()}`);
}
