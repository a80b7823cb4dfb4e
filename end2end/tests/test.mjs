// `test` as every spec uses it: signed in as somebody, waiting for the application instead of for time, and failing on
// whatever the browser complains about.
import { test as base, expect } from '@playwright/test';
import { turnOf } from '../people.mjs';
import { makePeopleOf } from './second-attempt.mjs';
import { justSignedIn } from './sign-in.mjs';
import { sessionOf, theWorld } from './world.mjs';

export { expect };

/** What starts the application; pages for people who are not in yet have none. */
export const APPLICATION = 'script[type="module"]';

/**
 * Opens the address of something that is not there by `visit`. Its page waits half a second for the project to say so: on a
 * machine that was busy just then it began with 200, and is opened again. Gives the last response.
 */
export async function missing(visit, path) {
  let response = await visit(path);
  for (let again = 0; again < 5 && response.status() === 200; again++) response = await visit(path);
  return response;
}

export const test = base.extend({
  /** A key of people.mjs, or null for nobody. `test.use({ signedInAs: … })` changes it. */
  signedInAs: ['ana', { option: true }],

  /** Whether they have just typed their password: what replaces secrets or opens a tenant asks for a fresh one. */
  fresh: [false, { option: true }],

  /** `wasm` or `plain`. */
  mode: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled === false ? 'plain' : 'wasm'),

  /** The turn whose people (people.mjs) a test takes that changes something of theirs: each mode and attempt has its own. */
  whose: [
    async ({ mode }, use, { retry }) => {
      const turn = turnOf(mode, retry);
      if (retry > 0) await makePeopleOf(turn);
      await use(turn);
    },
    { timeout: 120_000 },
  ],

  baseURL: async ({}, use) => use(theWorld().url),

  storageState: async ({ signedInAs, fresh }, use) => {
    if (!signedInAs) return use({ cookies: [], origins: [] });
    await use(fresh ? await justSignedIn(signedInAs) : sessionOf(signedInAs));
  },

  /** Errors on the console (content policy violations are among them), uncaught errors and dialogs end a test as failed,
   *  but for those it announces with `complaints.expect(pattern)`. */
  complaints: [
    async ({ context }, use) => {
      const heard = [];
      const expected = [];
      context.on('console', (message) => {
        if (message.type() === 'error') heard.push(`console: ${message.text()} at ${message.location().url}`);
      });
      context.on('weberror', (failure) => heard.push(`uncaught: ${failure.error().stack ?? failure.error()}`));
      context.on('dialog', async (dialog) => {
        heard.push(`dialog: ${dialog.message()}`);
        await dialog.dismiss();
      });
      await use({ expect: (pattern) => expected.push(pattern) });
      expect(heard.filter((line) => !expected.some((pattern) => pattern.test(line)))).toEqual([]);
    },
    { auto: true },
  ],

  /** Waits until the application has taken over the page, if it has one; without JavaScript there is nothing to wait for. */
  hydrated: async ({ page, mode }, use) => {
    await use(async () => {
      if (mode === 'wasm' && (await page.locator(APPLICATION).count())) await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
    });
  },

  /** Opens an address and waits until the page is usable. Gives the response. */
  visit: async ({ page, hydrated }, use) => {
    await use(async (path) => {
      const response = await page.goto(path);
      await hydrated();
      return response;
    });
  },

  /** Opens the address of something that is not there, as `missing` does. */
  visitMissing: async ({ visit }, use) => {
    await use((path) => missing(visit, path));
  },

  /** Does something that makes the browser load a whole new page, in either mode, and waits until it is usable. */
  loading: async ({ page, hydrated }, use) => {
    await use(async (act) => {
      const loaded = page.waitForEvent('load');
      await act();
      await loaded;
      await hydrated();
    });
  },
});
