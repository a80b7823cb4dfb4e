// Two hundred hostile texts (hostile-strings.mjs) wherever text of other people can stand: names, messages and
// appointments of a tenant's project, names of clients and members, addresses, reasons, the audit trail, parameters. They
// are shown as text; nothing of them runs and nothing of them becomes an element, whether the application has taken the
// page over or only the server's HTML is there.
import { request } from '@playwright/test';
import pg from 'pg';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOSTILE, shown } from '../hostile-strings.mjs';
import { product } from '../server.mjs';
import { APPLICATION, expect, test } from './test.mjs';
import { projectOf, theWorld } from './world.mjs';

const FIRST = 910_001; // ids that nothing else of the project has
const PASSWORD = 'cacimba-varanda-telhado-2026';
const ADMIN = 'ines@moldura.example';
const OWNER = 'olavo@agencia.example';
/** A place in the list, as links have it. */
const cursor = (at, id) => Buffer.from(JSON.stringify([at, String(id)])).toString('base64url');

/** A day of its own, years before anything that other tests look at. */
const DAY = '2019-05-06';
const EVERY = 8;
const some = HOSTILE.map((text, index) => [text, index]).filter(([, index]) => index % EVERY === 0);

/** Where a link leads, or null where there is none; the page is whole by now. */
const hrefOf = async (link) => ((await link.count()) ? link.getAttribute('href') : null);

const mine = {};

// One installation for all of these: one after the other.
test.describe.configure({ mode: 'default' });
test.use({
  baseURL: async ({}, use) => use(mine.url),
  storageState: async ({ signedInAs }, use) => use(mine[signedInAs]),
});

test.beforeAll(async () => {
  test.setTimeout(600_000); // two hundred who accept and two hundred clients, at the pace of hashes
  await plant();
  const painel = product(mkdtempSync(join(tmpdir(), 'painel-hostile-')), theWorld().stack);
  const run = (args, input) => {
    const { status, stderr } = painel.run(args, input);
    if (status !== 0) throw new Error(`painel ${args.join(' ')} failed:\n${stderr}`);
  };
  const { url, publishable_key } = projectOf('clinica-aurora');
  run(['keygen', '--out', painel.keyring]);
  run(['tenant', 'create', '--slug', 'moldura', '--name', 'Moldura']);
  run(['user', 'create', '--email', ADMIN, '--tenant', 'moldura', '--role', 'admin', '--password-stdin'], PASSWORD);
  run(['user', 'create', '--email', OWNER, '--agency', 'owner', '--password-stdin'], PASSWORD);
  run(['credential', 'set', '--tenant', 'moldura', '--provider', 'supabase', '--stdin'], JSON.stringify({ project_url: url, api_key: publishable_key }));
  mine.server = await painel.serve();
  mine.url = mine.server.url;
  mine.admin = await signedIn(ADMIN);
  mine.owner = await signedIn(OWNER);
  await peopleNamedSo();
  await clientsNamedSo();
});

test.afterAll(async () => {
  await mine.server?.stop();
  await inProject(async (db) => {
    for (const table of ['appointments', 'messages', 'conversations']) await db.query(`delete from ${table} where id >= $1`, [FIRST]);
  });
});

async function inProject(work) {
  const db = new pg.Client({ connectionString: projectOf('clinica-aurora').admin_url });
  await db.connect();
  try {
    await work(db);
  } finally {
    await db.end();
  }
}

/** A conversation a text, one with a message a text, an appointment a text. */
async function plant() {
  const turned = (by) => HOSTILE.map((_, index) => HOSTILE[(index + by) % HOSTILE.length]);
  await inProject(async (db) => {
    await db.query(
      `insert into conversations (id, phone, name, status, last_message, created_at, updated_at)
       select $1::int + n - 1, case when n % 2 = 0 then phone else '+5511900000002' end, name, status, last, at, at
       from unnest($2::text[], $3::text[], $4::text[], $5::text[]) with ordinality as t (name, last, status, phone, n),
            lateral (select timestamptz '${DAY} 12:00Z' - n * interval '1 minute') as a (at)`,
      [FIRST, HOSTILE, turned(50), turned(100), turned(150)],
    );
    await db.query(
      `insert into messages (id, conversation_id, direction, content, created_at)
       select $1::int + n - 1, $1, case when n % 2 = 0 then 'out' else 'in' end, text, timestamptz '${DAY} 12:00Z'
       from unnest($2::text[]) with ordinality as t (text, n)`,
      [FIRST, HOSTILE],
    );
    await db.query(
      `insert into appointments (id, conversation_id, customer_name, customer_phone, service, professional, starts_at, ends_at, status, meet_link)
       select $1::int + n - 1, case when n % 2 = 0 then $1 + n - 1 end, name, phone, service, professional, at, at + interval '5 minutes', status,
              case when n % 2 = 0 then name else 'https://exemplo.example/' || name end
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) with ordinality as t (name, phone, service, professional, status, n),
            lateral (select timestamptz '${DAY} 12:00Z' + n * interval '10 minutes') as a (at)`,
      [FIRST, HOSTILE, turned(40), turned(80), turned(120), turned(160)],
    );
  });
}

/** What a browser keeps of somebody who signs in. */
async function signedIn(email) {
  const context = await asPerson();
  await post(context, '/api/session/log_in', { email, password: PASSWORD, next: '/' });
  const state = await context.storageState();
  await context.dispose();
  return state;
}

function asPerson(storageState = { cookies: [], origins: [] }) {
  return request.newContext({ baseURL: mine.url, storageState, extraHTTPHeaders: { origin: mine.url, accept: 'application/json' } });
}

async function post(context, path, form) {
  const response = await context.post(path, { form, maxRedirects: 0 });
  if (response.status() >= 400) throw new Error(`${path} ${JSON.stringify(form)}: ${response.status()} ${await response.text()}`);
}

/** Members by invitation, as people come in; every fifth has an address that is hostile too. */
async function peopleNamedSo() {
  const [admin, nobody] = [await asPerson(mine.admin), await asPerson()];
  for (const [index, name] of HOSTILE.entries()) {
    const local = index % 5 === 0 ? shown(name).replaceAll('@', '').slice(0, 60) : 'pessoa';
    await post(admin, '/api/team/invite', { email: `${local}.${index}@moldura.example`, role: 'viewer' });
    const { fresh } = await (await admin.get('/api/team/read')).json();
    const [link] = JSON.stringify(fresh).match(/\/invite\/[\w-]+/);
    await post(nobody, '/api/links/accept', { token: link.split('/').pop(), name, password: PASSWORD });
  }
  await Promise.all([admin.dispose(), nobody.dispose()]);
}

/** Clients; each is suspended for a reason of that kind. */
async function clientsNamedSo() {
  const owner = await asPerson(mine.owner);
  for (const [index, name] of HOSTILE.entries()) {
    const slug = `cliente-${String(index).padStart(3, '0')}`;
    await post(owner, '/api/console/create', {
      'form[name]': name,
      'form[slug]': slug,
      'form[timezone]': 'America/Sao_Paulo',
      'form[plan]': name.slice(0, 30).trim() || 'x',
      'form[email]': `admin@${slug}.example`,
    });
    await post(owner, '/api/console/suspend', { slug, reason: name });
  }
  await owner.dispose();
}

/** In the page: whatever came to life. */
function alive() {
  const FORBIDDEN =
    'iframe, frame, frameset, object, embed, applet, math, base, marquee, video, audio, track, source, img, image, picture, foreignObject, animate, set, use:not([href^="#i-"]), dialog:not(#keys), plaintext, xmp, listing, noembed, noframes, keygen, bgsound, isindex, meter, template, [popover], [srcdoc], [ping], [style], svg a, meta[http-equiv]';
  const found = window.__xss === undefined ? [] : [`__xss is ${window.__xss}`];
  found.push(...(window.__violations ?? []));
  const tell = (element) => found.push(element.outerHTML.slice(0, 200));
  document.querySelectorAll(FORBIDDEN).forEach(tell);
  for (const element of document.querySelectorAll('script, style')) if (!element.nonce) tell(element);
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) tell(element);
      if (!['href', 'src', 'action', 'formaction', 'xlink:href', 'data'].includes(name)) continue;
      const url = new URL(value, location.href);
      const away = element.matches('a[target="_blank"]') && url.protocol === 'https:';
      if (url.origin !== location.origin && !away) tell(element);
    }
  }
  return found;
}

for (const hydrated of [true, false]) {
  test.describe(hydrated ? 'in the application' : 'in the server’s HTML alone', { tag: '@script' }, () => {
    test.setTimeout(600_000);
    test.use({ signedInAs: 'admin' });
    test.beforeEach(async ({ context, complaints }) => {
      await context.addInitScript(() => {
        window.__violations = [];
        document.addEventListener('securitypolicyviolation', (event) => window.__violations.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
      });
      complaints.expect(/status of (403|404|410|422)/); // pages that say no are looked at too
      if (hydrated) return;
      complaints.expect(/net::ERR_FAILED/); // the application does not arrive
      await context.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.abort());
    });

    /** Opens a page and looks whether anything of it is alive. */
    async function open(page, path) {
      const headers = (await page.goto(path)).headers();
      if (!headers['content-type'].startsWith('text/html')) {
        // What looks like a file is answered in plain text, which the browser must not take for anything else.
        expect([headers['content-type'], headers['x-content-type-options']]).toEqual([expect.stringMatching(/^text\/plain/), 'nosniff']);
        return;
      }
      // Signing in has no application.
      if (hydrated && (await page.locator(APPLICATION).count())) await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
      expect(await page.evaluate(alive), path).toEqual([]);
    }

    /** How many of the texts stand among these, whole. */
    const among = (texts) => {
      const all = new Set(texts.map(shown));
      return HOSTILE.filter((text) => all.has(shown(text))).length;
    };
    const missing = (texts) => {
      const all = new Set(texts.map(shown));
      return HOSTILE.filter((text) => !all.has(shown(text)));
    };
    const say = (what) => {
      const figure = `C5 ${hydrated ? 'in the application' : 'in the server’s HTML alone'}: ${what}`;
      test.info().annotations.push({ type: 'figure', description: figure });
      console.log(figure);
    };

    test('a project’s names, messages and appointments', async ({ page }) => {
      const [names, last, said, booked] = [[], [], [], []];
      let next = `/conversations?before=${cursor(`${DAY}T12:00:00Z`, FIRST - 1)}`;
      while (next && names.length < HOSTILE.length) {
        await open(page, next);
        names.push(...(await page.locator('.talk-who bdi').allTextContents()));
        last.push(...(await page.locator('.talk-last').allTextContents()));
        next = await hrefOf(page.getByRole('link', { name: 'Mais antigas' }));
      }
      next = `/conversations/${FIRST}`;
      while (next) {
        await open(page, next);
        said.push(...(await page.locator('.bubble-text').allTextContents()));
        next = await hrefOf(page.getByRole('link', { name: 'Mensagens anteriores' }));
      }
      await open(page, `/appointments?view=list&date=${DAY}`);
      for (const part of ['.slot-who bdi', '.slot-what bdi:first-child', '.slot-what bdi:last-child']) {
        booked.push(among(await page.locator(part).allTextContents()));
      }
      await open(page, '/');
      const counts = { names: among(names), 'last messages': among(last), messages: among(said), customers: booked[0], services: booked[1], professionals: booked[2] };
      say(Object.entries(counts).map(([what, count]) => `${what} ${count} of ${HOSTILE.length}`).join(', '));
      expect([missing(names), missing(last), missing(said)]).toEqual([[], [], []]);
      expect(booked).toEqual([200, 200, 200]);
    });

    test('members, and the trail of what they did', async ({ page }) => {
      await open(page, '/settings/team');
      const members = await page.locator('.rows-name bdi').allTextContents();
      const told = [];
      let next = '/settings/audit';
      while (next) {
        await open(page, next);
        told.push(...(await page.locator('.audit tbody tr').allTextContents()));
        next = await hrefOf(page.getByRole('link', { name: 'Mais antigos' }));
      }
      const rows = told.map(shown);
      const named = HOSTILE.filter((text) => rows.some((row) => row.includes(shown(text)))).length;
      say(`members ${among(members)} of ${HOSTILE.length}, in the audit trail ${named} of ${HOSTILE.length} (${told.length} rows)`);
      expect(missing(members)).toEqual([]);
      expect(named).toBe(HOSTILE.length);
    });

    test.describe('for the agency', () => {
      test.use({ signedInAs: 'owner' });

      test('clients, their plans and the reasons they are suspended for', async ({ page }) => {
        const names = [];
        let next = '/console';
        while (next) {
          await open(page, next);
          names.push(...(await page.locator('.fleet tbody tr').getByRole('link').allTextContents()));
          next = await hrefOf(page.getByRole('link', { name: 'Seguinte' }));
        }
        let whole = 0;
        for (const [text, index] of some) {
          await open(page, `/console/tenants/cliente-${String(index).padStart(3, '0')}`);
          const head = shown(await page.getByRole('heading', { level: 1 }).textContent());
          const reason = shown(await page.getByRole('region', { name: 'Acesso' }).textContent());
          whole += Number(head === shown(text) && reason.includes(shown(text)));
        }
        say(`clients ${among(names)} of ${HOSTILE.length}, their own pages with the reason ${whole} of ${some.length}`);
        expect(missing(names)).toEqual([]);
        expect(whole).toBe(some.length);
      });
    });

    test('the own client’s name in the frame of every page, and an address that is refused', async ({ page }) => {
      const [owner, admin] = [await asPerson(mine.owner), await asPerson(mine.admin)];
      const rename = (name) =>
        post(owner, '/api/console/edit', { 'form[slug]': 'moldura', 'form[name]': name, 'form[timezone]': 'America/Sao_Paulo', 'form[plan]': 'standard', 'form[domain]': '' });
      let framed = 0;
      for (const [text] of some) {
        await rename(text);
        await open(page, '/choose');
        framed += Number(shown(await page.locator('.whose').textContent()).includes(shown(text)));
        const refused = await admin.post('/api/team/invite', {
          form: { email: text, role: 'viewer' },
          maxRedirects: 0,
          headers: { accept: 'text/html', referer: `${mine.url}/settings/team` },
        });
        expect(refused.status()).toBe(302);
        await open(page, refused.headers().location);
        await expect(page.getByRole('alert').first()).toBeVisible();
      }
      await rename('Moldura');
      await Promise.all([owner.dispose(), admin.dispose()]);
      say(`the frame ${framed} of ${some.length}, refused addresses ${some.length} of ${some.length}`);
      expect(framed).toBe(some.length);
    });

    test('parameters of addresses', async ({ browser, page, context, baseURL }) => {
      const owner = await (await browser.newContext({ baseURL, storageState: mine.owner })).newPage();
      const nobody = await (await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } })).newPage();
      for (const other of [owner, nobody]) {
        other.on('dialog', (dialog) => expect.soft(dialog.message(), 'a dialog').toBe('none'));
        await other.addInitScript(() => {
          window.__violations = [];
          document.addEventListener('securitypolicyviolation', (event) => window.__violations.push(`policy: ${event.violatedDirective}`));
        });
        if (!hydrated) await other.route(/\/pkg\/.*\.(js|wasm)$/, (route) => route.abort());
      }
      const places = [
        [owner, '/console?filter[search]='],
        [owner, '/console?search='],
        [page, '/settings/audit?who='],
        [nobody, '/login?next='],
        [page, '/conversations?before='],
        [page, '/appointments?date='],
        [page, '/settings/team?done='],
        [nobody, '/reset?sent='],
        [page, '/nada/'],
        [nobody, '/invite/'],
      ];
      let asked = 0;
      let kept = 0;
      for (const [index, text] of HOSTILE.entries()) {
        const [who, place] = places[index % places.length];
        await open(who, place + encodeURIComponent(text));
        asked += 1;
        const field = { '/console?search=': 'Procurar', '/settings/audit?who=': 'Quem' }[place];
        if (field) kept += Number(shown(await who.getByLabel(field, { exact: true }).inputValue()) === shown(text));
      }
      await Promise.all([owner.context().close(), nobody.context().close()]);
      const fields = (2 * HOSTILE.length) / places.length;
      say(`parameters ${asked} of ${HOSTILE.length} harmless, kept in their field ${kept} of ${fields}`);
      expect(kept).toBe(fields);
    });
  });
}
