// What a tenant's project says when it is asked directly: the truth that pages are compared with.
import { projectOf } from './world.mjs';

/** Rows of a table, by PostgREST's query words. */
export async function rows(slug, query) {
  return (await ask(slug, query)).json();
}

/** How many rows match. */
export async function count(slug, query) {
  const response = await ask(slug, query, { prefer: 'count=exact', range: '0-0' });
  await response.body?.cancel();
  return Number(response.headers.get('content-range').split('/')[1]);
}

/** The id of the conversation with a certain name. */
export async function conversationNamed(slug, name) {
  const [row] = await rows(slug, `conversations?select=id&name=eq.${encodeURIComponent(name)}&limit=1`);
  return row.id;
}

/** Turns a knob of the gateway before a tenant's project: `latency` {ms}, `fault` {mode, path}. */
export async function turn(slug, knob, body) {
  const response = await fetch(`${projectOf(slug).control_url}/${knob}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(await response.text());
}

async function ask(slug, query, headers = {}) {
  const { url, publishable_key: apikey } = projectOf(slug);
  const response = await fetch(`${url}/rest/v1/${query}`, { headers: { apikey, ...headers } });
  if (!response.ok) throw new Error(`${query}: ${response.status} ${await response.text()}`);
  return response;
}
