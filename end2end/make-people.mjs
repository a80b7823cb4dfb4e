// Makes tenants and people of people.mjs through the product's own command line, and signs them in.
import { request } from '@playwright/test';
import { join } from 'node:path';

/** Makes them, with their tenants. `painel` is server.mjs's; `stack` is what the demo stack's ready file says. */
export function make(people, { run }, { families }) {
  const painel = (args, input) => {
    const { status, stderr } = run(args, input);
    if (status !== 0) throw new Error(`painel ${args.join(' ')} failed:\n${stderr}`);
  };
  for (const { slug, tenant, timezone, name, email, role, agency, password, suspended, joins, family } of Object.values(people)) {
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

/** Signs them in at `url` as the form does, and keeps each one's cookie in `folder` for every test of that person. */
export async function signInAll(people, url, folder) {
  for (const [key, person] of Object.entries(people)) {
    if (!person.suspended) await signIn(url, person, join(folder, `${key}.session.json`));
  }
}

async function signIn(url, { email, password, looks }, path) {
  const context = await request.newContext({ baseURL: url, extraHTTPHeaders: { accept: 'text/html' } });
  const response = await context.post('/api/session/log_in', { form: { email, password, next: '/' }, maxRedirects: 0 });
  const { cookies } = await context.storageState({ path });
  if (looks) await context.post('/api/mapping/detect', { form: { tables: '', schema: '' }, maxRedirects: 0, headers: { origin: url, referer: `${url}/settings/mapping` } });
  await context.dispose();
  if (response.status() >= 400 || cookies.length === 0) throw new Error(`${email} could not sign in: ${response.status()}`);
}
