// Signing in: through the form, for people whose session a test ends; or without a page, for those who have just typed their
// password, as replacing secrets and breaking the glass want it.
import { request } from '@playwright/test';
import { people } from '../people.mjs';
import { theWorld } from './world.mjs';

/** The cookies of a new session of somebody, a key of people.mjs. */
export async function justSignedIn(key) {
  const { email, password } = people[key];
  const context = await request.newContext({ baseURL: theWorld().url, extraHTTPHeaders: { accept: 'text/html' }, storageState: { cookies: [], origins: [] } });
  const response = await context.post('/api/session/log_in', { form: { email, password, next: '/' }, maxRedirects: 0 });
  const state = await context.storageState();
  await context.dispose();
  if (response.status() !== 302 || state.cookies.length === 0) throw new Error(`${email} could not sign in: ${response.status()}`);
  return state;
}

/** Fills the form and waits for the page that follows. */
export async function signIn({ page, visit, loading }, { email, password }) {
  await visit('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Senha').fill(password);
  await loading(() => page.getByRole('button', { name: 'Entrar' }).click());
}
