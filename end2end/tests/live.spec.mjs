// What is new appears without reloading, a mark says how current the page is, and without JavaScript nothing of it shows.
import { createRequire } from 'node:module';
import { expectAccessible } from './axe.mjs';
import { rows, turn } from './project.mjs';
import { expect, test } from './test.mjs';
import { projectOf } from './world.mjs';

const { Client } = createRequire(import.meta.url)('pg');
const BARBER = 'barbearia-navalha';
/** A row that was written is told within six seconds; the page then reads. */
const SOON = { timeout: 12_000 };
/** A project that failed is looked at again after a minute at the latest. */
const BACK = { timeout: 80_000 };
/** A look is four questions, one after the other. */
const SLOWLY = { timeout: 40_000 };
const WRITTEN = 'ao vivo de verdade';

/** Runs SQL in the barber's own database, as n8n does. */
async function sql(text, values = []) {
  const client = new Client({ connectionString: projectOf(BARBER).admin_url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

const fault = (mode) => turn(BARBER, 'fault', { mode, path: '' });

/** The conversation that moved last, with enough messages to scroll. */
async function newest() {
  const [row] = await rows(BARBER, 'conversations?select=id,name,updated_at,last_message&order=updated_at.desc,id.desc&limit=1');
  return row;
}

/** A new message of a conversation, as a workflow writes it. */
async function say(id, text) {
  await sql(`insert into messages (conversation_id, direction, content) values ($1, 'in', $2)`, [id, text]);
  await sql('update conversations set last_message = $2, updated_at = now() where id = $1', [id, text]);
}

const mark = (page) => page.locator('.live');
const said = (page) => page.locator('.bubble-text');

let kept;
test.describe.configure({ mode: 'serial', timeout: 120_000 });
test.beforeEach(async () => {
  kept = await sql('select id, last_message, updated_at from conversations order by updated_at desc limit 5');
});
test.afterEach(async () => {
  await fault('none');
  await turn(BARBER, 'latency', { ms: 0 });
  await sql('delete from messages where content like $1', [`${WRITTEN}%`]);
  for (const { id, last_message, updated_at } of kept) {
    await sql('update conversations set last_message = $2, updated_at = $3 where id = $1', [id, last_message, updated_at]);
  }
});

test.describe('with WASM', () => {
  test.use({ javaScriptEnabled: true, signedInAs: 'bruno' });

  test('a message shows up in the list, and what somebody is doing there stays', async ({ page, visit }) => {
    const { id } = await newest();
    await visit('/conversations');
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    await page.locator('details > summary', { hasText: 'Filtros' }).click();
    const search = page.getByRole('searchbox');
    await search.fill('meia palav');
    const loads = [];
    page.on('load', () => loads.push(page.url()));
    await say(id, `${WRITTEN} na lista`);
    await expect(page.locator('.talk-last').first()).toHaveText(`${WRITTEN} na lista`, SOON);
    expect(loads).toEqual([]);
    await expect(search).toHaveValue('meia palav');
    await expect(search).toBeFocused();
    await expect(page.locator('details[open] > summary', { hasText: 'Filtros' })).toBeVisible();
    // Whoever reads further down stays there, with what they typed in focus or not. On a desk the list has its own pane.
    const pane = page.locator('.desk-list');
    for (const more of ['mais uma', 'e outra']) {
      await pane.evaluate((pane) => pane.scrollTo(0, 400));
      await say(id, `${WRITTEN} ${more}`);
      await expect(page.locator('.talk-last').first()).toHaveText(`${WRITTEN} ${more}`, SOON);
      expect(await pane.evaluate((pane) => pane.scrollTop)).toBe(400);
      await search.blur();
    }
    await expect(mark(page)).toHaveAttribute('title', /^mudou às \d\d:\d\d$/);
  });

  test('the link in focus stays the one in focus, wherever it moves', async ({ page, visit }) => {
    const [, , third] = await rows(BARBER, 'conversations?select=id&order=updated_at.desc,id.desc&limit=3');
    await visit('/conversations');
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    const [first] = await page.locator('a.talk').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    await page.locator(`a.talk[href="${first}"]`).focus();
    await say(third.id, `${WRITTEN} vem de baixo`);
    await expect(page.locator('.talk-last').first()).toHaveText(`${WRITTEN} vem de baixo`, SOON);
    await expect(page.locator(`a.talk[href="${first}"]`)).toBeFocused();
  });

  test('an older page does not move', async ({ page, visit }) => {
    const { id } = await newest();
    await visit('/conversations');
    await page.getByRole('link', { name: 'Mais antigas' }).click();
    await expect(page).toHaveURL(/before=/);
    // The page before stays until this one is read.
    await expect(page.getByRole('link', { name: 'Mais recentes' })).toBeVisible();
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    const shown = await page.locator('.talk-last').allTextContents();
    await say(id, `${WRITTEN} longe daqui`);
    await expect(mark(page)).toHaveAttribute('title', /^mudou às/, SOON);
    await page.waitForTimeout(1_000);
    expect(await page.locator('.talk-last').allTextContents()).toEqual(shown);
  });

  test('an open thread follows at its end, and leads there from further up', async ({ page, visit }) => {
    const { id } = await newest();
    for (let number = 0; number < 25; number++) await say(id, `${WRITTEN} antes ${number}`);
    await visit(`/conversations/${id}`);
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await say(id, `${WRITTEN} no fim`);
    await expect(said(page).last()).toHaveText(`${WRITTEN} no fim`, SOON);
    await expect(said(page).last()).toBeInViewport();
    const down = page.getByRole('button', { name: 'Nova mensagem' });
    await expect(down).toHaveCount(0);

    await page.evaluate(() => scrollTo(0, 0));
    await say(id, `${WRITTEN} fora de vista`);
    await expect(down).toBeVisible(SOON);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await expectAccessible(page);
    await down.click();
    await expect(said(page).last()).toHaveText(`${WRITTEN} fora de vista`);
    await expect(said(page).last()).toBeInViewport();
    await expect(down).toHaveCount(0);
  });

  test('a thread waits while somebody is in a field of its', async ({ page, visit }) => {
    const { id } = await newest();
    await visit(`/conversations/${id}`);
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    // What was new when the page came is being read, and that reading may be on its way: the next one is shown when it ended.
    await say(id, `${WRITTEN} antes do campo`);
    await expect(said(page).last()).toHaveText(`${WRITTEN} antes do campo`, SOON);
    await page.waitForTimeout(1_000);
    await page.getByLabel('Ir para o dia').focus();
    await say(id, `${WRITTEN} um instante`);
    await expect(mark(page)).toHaveAttribute('title', /^mudou às/, SOON);
    await page.waitForTimeout(1_000);
    await expect(said(page).filter({ hasText: 'um instante' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Ir', exact: true }).focus();
    await expect(said(page).last()).toHaveText(`${WRITTEN} um instante`, SOON);
  });

  test('a reading that is on its way when somebody enters a field waits too', async ({ page, visit }) => {
    const { id } = await newest();
    await visit(`/conversations/${id}`);
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    await say(id, `${WRITTEN} antes da espera`);
    await expect(said(page).last()).toHaveText(`${WRITTEN} antes da espera`, SOON);
    await page.waitForTimeout(1_000);
    const field = page.getByLabel('Ir para o dia');
    await turn(BARBER, 'latency', { ms: 1_000 });
    const begun = page.waitForRequest((request) => new URL(request.url()).pathname === '/api/conversations/thread', SLOWLY);
    await say(id, `${WRITTEN} a caminho`);
    const reading = await begun;
    let answered = false;
    const answer = reading.response().then((response) => {
      answered = true;
      return response.finished();
    });
    await field.focus();
    expect(answered).toBe(false);
    await field.fill('2026-03-01');
    await answer;
    await turn(BARBER, 'latency', { ms: 0 });
    await page.waitForTimeout(1_000);
    await expect(said(page).filter({ hasText: 'a caminho' })).toHaveCount(0);
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('2026-03-01');
    await page.getByRole('button', { name: 'Ir', exact: true }).focus();
    await expect(said(page).last()).toHaveText(`${WRITTEN} a caminho`, SOON);
  });

  test('the mark goes stale with the project, says so once, and recovers; nothing shifts', async ({ page, visit }) => {
    await visit('/conversations');
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    const place = async () => (await page.locator('h1').boundingBox()).y;
    const before = await place();
    const announced = page.locator('[aria-live="polite"]').filter({ hasText: 'parado' });
    await expect(announced).toHaveCount(0);
    await fault('error500');
    await expect(mark(page)).toHaveText(/^parado: o projeto não responde desde \d\d:\d\d$/, { timeout: 30_000 });
    await expect(announced).toHaveCount(1);
    expect(await place()).toBe(before);
    await expectAccessible(page);
    await fault('none');
    await expect(mark(page)).toHaveText('ao vivo', BACK);
    await expect(announced).toHaveCount(0);
    expect(await place()).toBe(before);
  });

  test('a hidden tab does not listen, and learns what it missed', async ({ page, visit }) => {
    const { id } = await newest();
    const streams = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/live') streams.push(request.url());
    });
    await visit('/conversations');
    await expect(mark(page)).toHaveText('ao vivo', SOON);
    expect(streams).toHaveLength(1);
    const hide = (hidden) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      }, hidden);
    await hide(true);
    await expect(mark(page)).toHaveText('conectando…');
    await page.waitForTimeout(1_000); // for what it may have been reading
    await say(id, `${WRITTEN} enquanto escondida`);
    await page.waitForTimeout(6_000);
    await expect(page.locator('.talk-last').first()).not.toHaveText(`${WRITTEN} enquanto escondida`);
    await hide(false);
    await expect(page.locator('.talk-last').first()).toHaveText(`${WRITTEN} enquanto escondida`, SOON);
    expect(streams).toHaveLength(2);
    expect(streams[1]).toMatch(/last=[0-9a-f]{8}-\d+$/);
  });

  test('pages without content do not listen', async ({ page, visit }) => {
    const streams = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === '/live') streams.push(request.url());
    });
    await visit('/settings/security');
    await page.waitForTimeout(1_000);
    await expect(mark(page)).toHaveText('');
    expect(streams).toEqual([]);
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false, signedInAs: 'bruno' });

  test('nothing of it shows', async ({ page, visit }) => {
    for (const path of ['/', '/conversations', '/appointments']) {
      await visit(path);
      await expect(mark(page)).toHaveText('');
      await expect(page.locator('.new-below')).toHaveCount(0);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    }
  });
});
