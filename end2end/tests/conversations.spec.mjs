// The list of conversations and its pages, one conversation as a thread, and the rows that break dashboards.
import { LONG_THREAD } from '../long-thread.mjs';
import { nastyConversations } from '../stack/seed/nasty.mjs';
import { conversationNamed } from './project.mjs';
import { expect, test } from './test.mjs';

const AURORA = 'clinica-aurora';
const items = (page) => page.locator('.talks > li');
const row = (page, name) => items(page).filter({ has: page.getByText(name, { exact: true }) });
const ids = (page) => page.locator('a.talk').evaluateAll((links) => links.map((link) => link.pathname.split('/').pop()));
const older = (page) => page.getByRole('link', { name: 'Mais antigas' });
const newer = (page) => page.getByRole('link', { name: 'Mais recentes' });
/** Texts of all bubbles, oldest first. */
const said = (page) => page.locator('.bubble-text').allTextContents();

test('lists 50, the latest first', async ({ page, visit }) => {
  await visit('/conversations');
  await expect(items(page)).toHaveCount(50);
  const instants = await items(page).locator('time').evaluateAll((times) => times.map((time) => Date.parse(time.dateTime)));
  expect(instants).toEqual([...instants].sort((a, b) => b - a));
  await expect(newer(page)).toHaveCount(0);
  await expect(items(page).first().locator('time')).toHaveText(/^(agora|há \d+ (min|h))$/);
});

test('three pages show no conversation twice, and lead back to the same first row', async ({ page, visit }) => {
  await visit('/conversations');
  const seen = [await ids(page)];
  for (const _ of [2, 3]) {
    const before = page.url();
    await older(page).click();
    await expect(page).not.toHaveURL(before);
    await expect.poll(async () => (await ids(page))[0]).not.toBe(seen.at(-1)[0]);
    await expect(items(page)).toHaveCount(50);
    seen.push(await ids(page));
  }
  expect(new Set(seen.flat()).size).toBe(150);

  for (const page_ of [seen[1], seen[0]]) {
    await newer(page).click();
    await expect.poll(() => ids(page)).toEqual(page_);
  }
  await expect(newer(page)).toHaveCount(0);
});

test('opening one shows it, with its last message; back leads to the same page of the list', async ({ page, visit }) => {
  await visit('/conversations');
  await older(page).click();
  await expect(page).toHaveURL(/\?before=/);
  await expect(newer(page)).toBeVisible();
  const listUrl = page.url();
  const chosen = items(page).nth(7);
  const [who, last, href] = [
    await chosen.locator('.talk-who bdi').textContent(),
    await chosen.locator('.talk-last').textContent(),
    await chosen.getByRole('link').getAttribute('href'),
  ];
  const listed = await ids(page);
  await chosen.getByRole('link').click();
  await expect(page).toHaveURL(href);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(who);
  await page.waitForLoadState();
  const line = (await said(page)).at(-1).trim().replace(/\s+/g, ' ');
  expect(line.startsWith(last.replace(/…$/, ''))).toBe(true);

  await page.goBack();
  await expect(page).toHaveURL(listUrl);
  await expect(items(page)).toHaveCount(50);
  expect(await ids(page)).toEqual(listed);
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(who);
});

test('nasty names and messages are text, and nothing of them runs', async ({ page, visit }) => {
  const missing = new Set(nastyConversations.map(({ name }) => name?.trim().replace(/\s+/g, ' ')).filter(Boolean));
  await visit('/conversations');
  for (let turn = 1; missing.size > 0 && turn <= 3; turn++) {
    await expect(items(page)).toHaveCount(50);
    const names = await page.locator('.talk-who bdi').allTextContents();
    for (const name of names) missing.delete(name.trim().replace(/\s+/g, ' '));
    await expect(page.locator('main :is(script, img, b, i, svg[onload])')).toHaveCount(0);
    const [before] = await ids(page);
    await older(page).click();
    await expect.poll(async () => (await ids(page))[0]).not.toBe(before);
  }
  expect([...missing]).toEqual([]);
});

for (const { name, messages } of nastyConversations.filter((nasty) => nasty.name)) {
  test(`the thread of ${JSON.stringify(name.slice(0, 30))} is shown as it was written`, async ({ page, visit }) => {
    await visit(`/conversations/${await conversationNamed(AURORA, name)}`);
    const heading = page.getByRole('heading', { level: 1 });
    expect((await heading.textContent()).trim()).toBe(name.trim());
    // The HTML parser reads CR LF as LF; nothing else of a message may change. One without text says so.
    const written = messages.map(([, content]) => (content.trim() ? content.replaceAll('\r\n', '\n') : '(sem texto)'));
    expect((await said(page)).map((text) => text.replaceAll('\r\n', '\n'))).toEqual(written);
    await expect(page.locator('main :is(script, img, b, i, textarea, svg[onload])')).toHaveCount(0);
  });
}

test('Arabic and Hebrew run from right to left, among names that do not', async ({ page, visit }) => {
  await visit('/conversations');
  for (const name of ['أحمد الحلبي', 'נועה לוי']) {
    await expect(row(page, name).locator('.talk-who bdi')).toHaveCSS('direction', 'rtl');
    await expect(row(page, name).getByRole('link')).toHaveCSS('direction', 'ltr');
  }
  await visit(`/conversations/${await conversationNamed(AURORA, 'أحمد الحلبي')}`);
  const bubbles = page.locator('.bubble-text');
  await expect(bubbles.nth(0)).toHaveCSS('direction', 'rtl');
  await expect(bubbles.nth(1)).toHaveCSS('direction', 'ltr');
  await expect(page.getByRole('heading', { level: 1 }).locator('bdi')).toHaveCSS('direction', 'rtl');
});

test('a message of 4,000 characters is cut to a line in the list and whole in its thread', async ({ page, visit }) => {
  await visit('/conversations');
  const link = row(page, 'Silvana do Textão').getByRole('link');
  await expect(link.locator('.talk-last')).toHaveText(/^.{140}…$/);
  await link.click();
  const bubble = page.locator('.bubble-text').last();
  await expect(bubble).toHaveText(/ Fim$/);
  expect(await bubble.evaluate((text) => text.textContent.length)).toBe(4000);
  expect(await bubble.evaluate((text) => text.scrollHeight <= text.clientHeight + 1)).toBe(true);
});

test('what is missing has a word: a name, a text', async ({ page, visit }) => {
  await visit('/conversations');
  await expect(row(page, 'Figurinha sem texto').locator('.talk-last')).toHaveText('(sem texto)');
  const nameless = items(page).filter({ hasText: 'Sem problema! Como posso te chamar?' });
  await expect(nameless.locator('.talk-who')).toHaveText(/^\(11\) 9\d{4}-\d{4}$|^\(1\d\) 9\d{4}-\d{4}$/);
});

test('a long thread begins with its latest part and goes back and forth', async ({ page, visit }) => {
  const { id, name, messages } = LONG_THREAD;
  const line = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => `Linha ${first + index}`);
  await visit(`/conversations/${id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  expect(await said(page)).toEqual(line(messages - 98, messages));
  for (const [first, last] of [[messages - 197, messages - 99], [1, messages - 198]]) {
    await page.getByRole('link', { name: 'Mensagens anteriores' }).click();
    await expect(page.locator('.bubble-text').first()).toHaveText(`Linha ${first}`);
    await page.waitForLoadState();
    expect(await said(page)).toEqual(line(first, last));
  }
  await expect(page.getByRole('link', { name: 'Mensagens anteriores' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Mensagens mais recentes' }).click();
  await expect(page.locator('.bubble-text').last()).toHaveText(`Linha ${messages}`);
});

for (const path of ['/conversations/0', '/conversations/abc', '/conversations/99999999999999999999', '/conversations/1%20or%201']) {
  test(`${path} is no conversation`, async ({ page, visitMissing, complaints }) => {
    complaints.expect(/status of 404/);
    const response = await visitMissing(path);
    expect(response.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Conversa não encontrada');
  });
}

test('a cursor that is none is told so', async ({ page, visit, complaints }) => {
  complaints.expect(/status of 404/);
  await visit('/conversations?before=abacaxi');
  await expect(page.getByRole('alert')).toContainText('Não encontramos');
  await expect(items(page)).toHaveCount(0);
});
