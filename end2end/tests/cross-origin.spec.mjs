// A page of somebody else's, open in the browser of one who is signed in here: twelve attacks from another site, and the
// same from another origin of the same site. What counts is the server's state before and after, and what was read.
import { request } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { people } from '../people.mjs';
import { openSite, selfSending, trying } from './attacker.mjs';
import { justSignedIn } from './sign-in.mjs';
import { expect, test } from './test.mjs';
import { sessionOf, theWorld } from './world.mjs';

const { lobo } = people;
const HOOK = 'https://n8n.lobo.example/webhook/0123456789abcdef';
const form = 'application/x-www-form-urlencoded';
const encoded = (fields) => new URLSearchParams(fields).toString();

/** What the attacker would have done, as the forms of our own pages send it. */
const wishes = ({ member, slug }) => ({
  '/api/session/log_in': { email: lobo.email, password: lobo.password, next: '/' },
  '/api/session/log_out': {},
  '/api/credentials/save': { provider: 'n8n', version: 0, 'fields[webhook_url]': HOOK },
  '/api/team/invite': { email: lobo.email, role: 'admin' },
  '/api/team/set_role': { member, role: 'admin' },
  '/api/console/create': {
    'form[name]': 'Intrusa',
    'form[slug]': slug,
    'form[timezone]': 'America/Sao_Paulo',
    'form[plan]': 'completo',
    'form[email]': lobo.email,
  },
});

/** Everything of ours that could be read: pages, answers of functions, files. */
const READABLE = ['/', '/settings/credentials', '/settings/team', '/api/credentials/list', '/api/team/read', '/api/security/read', '/settings/audit.csv', '/settings/export.json', '/console', '/api/console/fleet'];

/** How many POSTs the server has refused so far: an answer that the browser withholds from a page is one nevertheless. */
function refusals() {
  const lines = readFileSync(theWorld().log, 'utf8').split('\n');
  return lines.filter((line) => ['"message":"answered"', '"POST"', '"status":403'].every((part) => line.includes(part))).length;
}

const SITES = [
  ['localhost', 'another site', 'cross-site'],
  ['127.0.0.1', 'another origin of the same site', 'same-site'],
];

test.describe('a second origin', { tag: '@script' }, () => {
  // One tenant is attacked by all of these: one after the other.
  test.describe.configure({ mode: 'default' });
  test.use({ signedInAs: async ({ whose }, use) => use(`rita-${whose}`) });

  const as = (key) => request.newContext({ baseURL: theWorld().url, storageState: sessionOf(key) });
  let keys, rita, olga, nilo, slug;
  test.beforeEach(async ({ whose }) => {
    keys = { rita: `rita-${whose}`, olga: 'olga' };
    [rita, olga] = await Promise.all([as(keys.rita), as(keys.olga)]);
    [nilo, slug] = [people[`nilo-${whose}`].email, `intrusa-${whose}`];
  });
  test.afterEach(() => Promise.all([rita.dispose(), olga.dispose()]));

  async function read(who, path) {
    const response = await who.get(path, { headers: { accept: 'application/json' } });
    expect(response.status(), path).toBe(200);
    return response.json();
  }

  /** The server's state, as far as an attack would show in it. */
  async function state() {
    const [credentials, team, fleet, staff] = await Promise.all([
      read(rita, '/api/credentials/list'),
      read(rita, '/api/team/read'),
      read(olga, `/api/console/fleet?filter[search]=${slug}`),
      read(olga, '/api/console/staff'),
    ]);
    return {
      cards: credentials.cards.map(({ provider, version }) => `${provider} ${version}`),
      members: team.members.map(({ email, role }) => `${email} ${role}`).sort(),
      invitations: team.invitations.map(({ email }) => email),
      tenants: fleet.rows.map(({ slug }) => slug),
      strangers: JSON.stringify(staff).includes(lobo.email),
    };
  }

  const memberId = async () => (await read(rita, '/api/team/read')).members.find(({ email }) => email === nilo).id;
  const sessionIn = async (context) => (await context.cookies(theWorld().url)).find(({ name }) => name === 'painel')?.value;

  for (const [host, kind, fetchSite] of SITES) {
    test(`${kind} (${fetchSite}) changes nothing and reads nothing`, async ({ browser, baseURL, complaints }) => {
      test.setTimeout(360_000);
      complaints.expect(/./); // refusals, blocked frames and blocked reads are reported: that is what is wanted
      const site = await openSite(host);
      const member = await memberId();
      const wish = wishes({ member, slug });
      const before = await state();
      const open = {};
      for (const [name, key] of Object.entries(keys)) open[name] = await browser.newContext({ baseURL, storageState: await justSignedIn(key) });
      const sessions = { rita: await sessionIn(open.rita), olga: await sessionIn(open.olga) };
      const address = (path) => `${baseURL}${path}`;

      /** Opens a page of the attacker's and gives what the server answered to the requests that it made the browser send. */
      async function visit(key, name, html, until) {
        const page = await open[key].newPage();
        const [answers, sent] = [[], []];
        page.context().on('response', (response) => {
          if (response.url().startsWith(baseURL)) answers.push(response);
        });
        page.on('request', (asked) => {
          if (asked.url().startsWith(baseURL)) sent.push(asked.url());
        });
        await page.goto(site.show(name, html));
        await until(page, answers);
        return { page, answers, sent };
      }
      const done = (page) => page.waitForFunction(() => window.done === true, null, { timeout: 60_000 });
      const answered = async (page, answers) => expect.poll(() => answers.filter((answer) => answer.request().method() === 'POST').length).toBe(1);

      const attacks = {};
      /** A form at the top of the window: what the browser sends with it says where it comes from, and is refused. */
      const byForm = (path, key = 'rita', more = {}) => async () => {
        const { page, answers } = await visit(key, `form${path.replaceAll('/', '-')}`, selfSending(address(path), wish[path], more), answered);
        const [answer] = answers.filter((answer) => answer.request().method() === 'POST');
        expect(answer.status()).toBe(403);
        expect((await answer.request().allHeaders())['sec-fetch-site']).toBe(fetchSite);
        await page.close();
      };
      attacks['signing in as the attacker by a form'] = byForm('/api/session/log_in');
      attacks['signing out by a form'] = byForm('/api/session/log_out');
      attacks['saving a credential by a form'] = byForm('/api/credentials/save');
      attacks['inviting the attacker by a form'] = byForm('/api/team/invite');
      attacks['making a member an admin by a form'] = byForm('/api/team/set_role', 'rita', { enctype: 'multipart/form-data' });
      attacks['creating a client by a form'] = byForm('/api/console/create', 'olga');

      /** A script that sends what it may and keeps whatever it can read of an answer. */
      const byFetch = (options) => async () => {
        const calls = Object.entries(wish).flatMap(([path, fields]) => options(path, fields).map((init) => [address(path), init]));
        const { page, answers } = await visit(
          'rita',
          'fetch',
          trying(`for (const [address, init] of ${JSON.stringify(calls)}) {
            try {
              const answer = await fetch(address, { credentials: 'include', redirect: 'follow', ...init });
              const body = await answer.text();
              if (answer.type !== 'opaque' || body) leaked.push(address + ' ' + answer.status + ' ' + body);
            } catch {}
          }`),
          done,
        );
        expect(await page.evaluate(() => window.leaked)).toEqual([]);
        for (const answer of answers) expect(answer.status(), answer.url()).toBeGreaterThanOrEqual(400);
        await page.close();
      };
      attacks['every change by fetch without CORS, in the types that need no asking'] = async () => {
        const earlier = refusals();
        await byFetch((_, fields) =>
          [form, 'text/plain;charset=UTF-8'].map((type) => ({ method: 'POST', mode: 'no-cors', headers: { 'content-type': type }, body: encoded(fields) })),
        )();
        expect(refusals() - earlier, 'they reached the server').toBeGreaterThanOrEqual(12);
      };
      attacks['every change by fetch with CORS, as a form and as JSON, and by other methods'] = byFetch((_, fields) => [
        { method: 'POST', mode: 'cors', headers: { 'content-type': form }, body: encoded(fields) },
        { method: 'POST', mode: 'cors', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) },
        { method: 'PUT', mode: 'cors', headers: { 'content-type': form, 'x-requested-with': 'x' }, body: encoded(fields) },
        { method: 'DELETE', mode: 'cors' },
      ]);

      attacks['images, scripts, styles and objects of functions and files'] = async () => {
        const writes = Object.entries(wish).map(([path, fields]) => (Object.keys(fields).length ? `${path}?${encoded(fields)}` : path));
        const { page, sent } = await visit(
          'rita',
          'tags',
          trying(`
            const load = (tag, attribute, address, more = {}) => new Promise((resolve) => {
              const element = Object.assign(document.createElement(tag), more);
              element.onload = () => { leaked.push(tag + ' ' + address); resolve(); };
              element.onerror = () => resolve();
              setTimeout(resolve, 3000);
              element[attribute] = address;
              document.body.append(element);
            });
            document.documentElement.append(document.body ?? document.createElement('body'));
            const names = () => Object.keys(window).filter((name) => !/^\\d+$/.test(name)).join();
            const before = names();
            for (const address of ${JSON.stringify([...READABLE, ...writes].map(address))}) {
              await Promise.all([
                load('img', 'src', address),
                load('script', 'src', address),
                load('link', 'href', address, { rel: 'stylesheet' }),
                load('object', 'data', address),
              ]);
            }
            if (names() !== before) leaked.push('a new global: ' + names());
          `),
          (page) => page.waitForFunction(() => window.done === true, null, { timeout: 60_000 }),
        );
        expect(await page.evaluate(() => [window.leaked, window.failed])).toEqual([[], undefined]);
        expect(sent, 'the browser asked for all of them').toEqual(expect.arrayContaining([...READABLE, ...writes].map(address)));
        await page.close();
      };

      attacks['a form into a window that the attacker opened'] = async () => {
        const html = `<button onclick="window.prey = window.open('${address('/settings/team')}', 'prey')">Ver prêmio</button>
          <form method="post" action="${address('/api/team/invite')}" target="prey">
            <input type="hidden" name="email" value="${lobo.email}"><input type="hidden" name="role" value="admin"></form>`;
        const { page, answers } = await visit('rita', 'window', html, async (page) => {
          const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()]);
          await popup.waitForLoadState();
        });
        const seen = await page.evaluate(() => {
          try {
            return [window.prey.document.body.textContent];
          } catch {
            return [];
          }
        });
        expect(seen.filter(Boolean), 'the window’s text').toEqual([]);
        await page.evaluate(() => document.forms[0].submit());
        await expect.poll(() => answers.filter((answer) => answer.request().method() === 'POST').map((answer) => answer.status())).toEqual([403]);
        for (const one of open.rita.pages()) await one.close();
      };

      attacks['our pages in a frame of theirs'] = async () => {
        const paths = ['/', '/settings/credentials', '/settings/team', '/login', '/settings/audit.csv'];
        const frames = paths.map((path) => `<iframe src="${address(path)}"></iframe>`).join('');
        const { page, answers } = await visit('rita', 'frame', frames, async (_, answers) => expect.poll(() => answers.length).toBeGreaterThanOrEqual(paths.length));
        await page.waitForTimeout(500);
        for (const answer of answers) {
          expect(answer.headers()['x-frame-options']).toBe('DENY');
          expect(answer.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
        }
        for (const frame of page.frames().slice(1)) {
          const shown = await frame.content().catch(() => '');
          for (const word of ['Sapataria Alvo', 'Rita', 'Entrar', 'quando,']) expect(shown).not.toContain(word);
        }
        const inside = await page.evaluate(() => Array.from({ length: window.frames.length }, (_, index) => window.frames[index]).map((frame) => {
          try {
            return frame.document.body.textContent;
          } catch {
            return '';
          }
        }));
        expect(inside.join('').trim()).toBe('');
        await page.close();
      };

      attacks['reading pages, answers and files by fetch and XMLHttpRequest'] = async () => {
        const { page, answers } = await visit(
          'rita',
          'read',
          trying(`for (const address of ${JSON.stringify(READABLE.map(address))}) {
            for (const mode of ['cors', 'no-cors']) {
              try {
                const answer = await fetch(address, { mode, credentials: 'include' });
                const body = await answer.text();
                if (answer.type !== 'opaque' || body) leaked.push(address + ' ' + body);
              } catch {}
            }
            await new Promise((resolve) => {
              const ask = new XMLHttpRequest();
              ask.withCredentials = true;
              ask.onload = () => { leaked.push(address + ' ' + ask.responseText); resolve(); };
              ask.onerror = resolve;
              ask.open('GET', address);
              ask.send();
            });
          }`),
          done,
        );
        expect(await page.evaluate(() => [window.leaked, window.failed])).toEqual([[], undefined]);
        for (const answer of answers) expect(answer.headers()['access-control-allow-origin']).toBeUndefined();
        await page.close();
      };

      let withstood = 0;
      for (const [name, attack] of Object.entries(attacks)) {
        await test.step(name, async () => {
          await attack();
          expect(await state(), 'the server’s state').toEqual(before);
          for (const key of ['rita', 'olga']) expect(await sessionIn(open[key]), `${key}’s session`).toBe(sessions[key]);
          const page = await open.rita.newPage();
          await page.goto('/settings/security');
          await expect(page).toHaveURL('/settings/security');
          await expect(page.locator('.whose')).toHaveText(/Sapataria Alvo\s*Rita · admin/);
          await page.close();
          withstood += 1;
        });
      }
      const figure = `C1 from ${kind} (${fetchSite}): ${withstood} of ${Object.keys(attacks).length} attacks change nothing and read nothing`;
      test.info().annotations.push({ type: 'figure', description: figure });
      console.log(figure);
      expect(withstood).toBe(12);
      await Promise.all([...Object.values(open).map((context) => context.close()), site.stop()]);
    });
  }

  // Last: they end what the tests above stand on. Without it, requests that fail for any other reason would look like ours.
  test('the same requests from our own pages do what they say', async ({ browser, baseURL, complaints }) => {
    complaints.expect(/./);
    const before = await state();
    const wish = wishes({ member: await memberId(), slug });
    const send = async (key, paths) => {
      const context = await browser.newContext({ baseURL, storageState: await justSignedIn(keys[key]) });
      const page = await context.newPage();
      await page.goto('/settings/security');
      for (const path of paths) {
        const body = encoded(wish[path]);
        const status = await page.evaluate(
          async ([path, body, type]) => (await fetch(path, { method: 'POST', headers: { 'content-type': type, accept: 'application/json' }, body })).status,
          [path, body, form],
        );
        expect(status, path).toBe(200);
      }
      const session = await sessionIn(context);
      await context.close();
      return session;
    };
    await send('rita', ['/api/credentials/save', '/api/team/invite', '/api/team/set_role']);
    await send('olga', ['/api/console/create']);
    const after = await state();
    expect(after.cards).not.toEqual(before.cards);
    expect(after.invitations).toEqual([lobo.email]);
    expect(after.members).toContain(`${nilo} admin`);
    expect(after.tenants).toEqual([slug]);
    const session = await send('rita', ['/api/session/log_in', '/api/session/log_out']);
    expect(session).toBeUndefined();
  });
});
