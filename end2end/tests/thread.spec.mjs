// A thread beside the list, or after it on a phone; the way to a day; paper.
import { LONG_THREAD } from '../long-thread.mjs';
import { conversationNamed, rows } from './project.mjs';
import { expect, test } from './test.mjs';

const AURORA = 'clinica-aurora';
const list = (page) => page.getByRole('region', { name: 'Lista de conversas' });
const items = (page) => page.locator('.talks > li');
const said = (page) => page.locator('.bubble-text').allTextContents();
/** The day of an instant where the clinic is. */
const dayOf = (instant) => new Date(instant).toLocaleDateString('sv-SE', { timeZone: 'America/Sao_Paulo' });

test('on a desk the list stays beside the thread that is open, under the same filter', async ({ page, visit, mode }) => {
  await visit('/conversations?status=bot');
  await expect(page.getByText('Escolha uma conversa')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Conversas');
  const chosen = items(page).nth(20).getByRole('link');
  const who = await chosen.locator('.talk-who bdi').textContent();
  await chosen.scrollIntoViewIfNeeded();
  expect(await list(page).evaluate((pane) => pane.scrollTop)).toBeGreaterThan(0);
  const stood = await chosen.boundingBox();
  await chosen.click();
  await expect(page).toHaveURL(/\/conversations\/\d+\?status=bot$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(who);
  await expect(page.getByText('Escolha uma conversa')).toHaveCount(0);
  await expect(items(page)).toHaveCount(50);
  await expect(list(page).locator('a[aria-current="page"]')).toHaveCount(1);
  await expect(items(page).nth(20).getByRole('link')).toHaveAttribute('aria-current', 'page');
  // With script nothing but the thread was exchanged: the row is where it was.
  if (mode === 'wasm') expect(Math.abs((await items(page).nth(20).getByRole('link').boundingBox()).y - stood.y)).toBeLessThan(3);

  const boxes = await Promise.all([list(page), page.locator('.thread')].map((part) => part.boundingBox()));
  expect(boxes[0].x + boxes[0].width).toBeLessThanOrEqual(boxes[1].x);
  await items(page).nth(22).getByRole('link').click();
  await expect(items(page).nth(22).getByRole('link')).toHaveAttribute('aria-current', 'page');
  await expect(list(page).locator('a[aria-current="page"]')).toHaveCount(1);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(who);
  await page.goBack();
  await expect(page).toHaveURL('/conversations?status=bot');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Conversas');
});

test('on a phone they come one after the other, and the way back keeps the filter', async ({ page, visit }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await visit('/conversations?status=bot');
  await expect(page.getByText('Escolha uma conversa')).toBeHidden();
  const chosen = items(page).nth(2).getByRole('link');
  const who = await chosen.locator('.talk-who bdi').textContent();
  await chosen.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(who);
  await expect(list(page)).toBeHidden();
  await page.getByRole('link', { name: '← Conversas' }).click();
  await expect(page).toHaveURL('/conversations?status=bot');
  await expect(items(page)).toHaveCount(50);
  await expect(list(page)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a thread opens the list’s page that it came from, and its own pages leave the list alone', async ({ page, visit }) => {
  await visit('/conversations');
  await page.getByRole('link', { name: 'Mais antigas' }).click();
  await expect(page).toHaveURL(/\?before=/);
  const cursor = new URL(page.url()).searchParams.get('before');
  await visit(`/conversations/${LONG_THREAD.id}?before=${cursor}`);
  const listed = await items(page).locator('a.talk').evaluateAll((links) => links.map((link) => link.pathname));
  await page.getByRole('link', { name: 'Mensagens anteriores' }).click();
  await expect(page.locator('.bubble-text').first()).toHaveText(`Linha ${LONG_THREAD.messages - 197}`);
  expect(new URL(page.url()).searchParams.get('before')).toBe(cursor);
  expect(await items(page).locator('a.talk').evaluateAll((links) => links.map((link) => link.pathname))).toEqual(listed);
  // And on by the same keys.
  await page.getByRole('link', { name: 'Mensagens anteriores' }).click();
  await expect(page.locator('.bubble-text').first()).toHaveText('Linha 1');
  await page.getByRole('link', { name: 'Mensagens seguintes' }).click();
  await expect(page.locator('.bubble-text').first()).toHaveText(`Linha ${LONG_THREAD.messages - 197}`);
});

test('a day of a thread can be gone to, and read on from in both directions', async ({ page, visit }) => {
  const { id, messages } = LONG_THREAD;
  const all = await rows(AURORA, `messages?select=content,created_at&conversation_id=eq.${id}&order=id.asc`);
  const day = dayOf(all[120].created_at);
  const first = all.findIndex((message) => dayOf(message.created_at) === day);
  await visit(`/conversations/${id}?status=closed`);
  await page.getByLabel('Ir para o dia').fill(day);
  await page.getByRole('button', { name: 'Ir', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`status=closed.*day=${day}`));
  await expect(page.locator('.bubble-text').first()).toHaveText(`Linha ${first + 1}`);
  await page.waitForLoadState();
  expect(await said(page)).toEqual(all.slice(first, first + 99).map(({ content }) => content));
  await expect(page.getByLabel('Ir para o dia')).toHaveValue(day);
  if (first + 99 < messages) {
    await page.getByRole('link', { name: 'Mensagens seguintes' }).click();
    await expect(page.locator('.bubble-text').last()).toHaveText(`Linha ${messages}`);
    await page.goBack();
    await expect(page.locator('.bubble-text').first()).toHaveText(`Linha ${first + 1}`);
  }
  await page.getByRole('link', { name: 'Mensagens anteriores' }).click();
  await expect(page.locator('.bubble-text').last()).toHaveText(`Linha ${first}`);

  await visit(`/conversations/${id}?day=2019-03-04`);
  await expect(page.locator('.to-day-note')).toContainText('Não há mensagens em segunda, 4 de março de 2019. As seguintes são de ');
  await expect(page.locator('.bubble-text').first()).toHaveText('Linha 1');
  await visit(`/conversations/${id}?day=2099-12-31`);
  await expect(page.locator('.to-day-note')).toContainText('nem depois');
  await page.getByRole('link', { name: 'Mensagens mais recentes' }).click();
  await expect(page.locator('.bubble-text').last()).toHaveText(`Linha ${messages}`);
});

test('a conversation goes on paper whole, without menu, black on white', async ({ page, visit, mode }) => {
  const { id, name, messages } = LONG_THREAD;
  await visit(`/conversations/${id}`);
  await page.locator('.thread-away').getByRole('link', { name: 'Imprimir' }).click();
  await expect(page).toHaveURL(`/conversations/${id}/print`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Conversa com ${name}`);
  await page.waitForLoadState();
  expect(await said(page)).toEqual(Array.from({ length: messages }, (_, index) => `Linha ${index + 1}`));
  await expect(page.locator('.paper-head')).toContainText('Clínica Aurora');
  await expect(page.locator('.paper-head')).toContainText(/Impresso em \d\d\/\d\d\/\d{4} .*\(horário de São Paulo\) por Ana/);
  await expect(page.locator('.menu')).toHaveCount(0);
  await expect(page.locator('.paper')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
  const button = page.getByRole('button', { name: 'Imprimir' });
  const hint = page.getByText('use o menu do navegador');
  if (mode === 'wasm') {
    await expect(button).toBeVisible();
    await expect(hint).toBeHidden();
    await page.evaluate(() => (window.print = () => document.body.setAttribute('data-printed', '')));
    await button.click();
    await expect(page.locator('body')).toHaveAttribute('data-printed', '');
  } else {
    await expect(button).toBeHidden();
    await expect(hint).toBeVisible();
  }
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.paper-tools')).toBeHidden();
  await expect(page.locator('.bubble').first()).toHaveCSS('break-inside', 'avoid');
  await visit('/conversations');
  await expect(page.locator('.menu')).toBeHidden();
  await expect(page.getByRole('search', { name: 'Procurar conversas' })).toBeHidden();
  await expect(items(page).first()).toBeVisible();
});

test('a conversation that is none goes on no paper', async ({ page, visit, complaints }) => {
  complaints.expect(/status of 404/);
  const response = await visit('/conversations/999999/print');
  expect(response.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Conversa não encontrada');
});

test('a conversation can be taken away as a file', async ({ page, visit }) => {
  const id = await conversationNamed(AURORA, 'Silvana do Textão');
  await visit(`/conversations/${id}`);
  const link = page.locator('.thread-away').getByRole('link', { name: 'Baixar (CSV)' });
  const answer = await page.request.get(await link.getAttribute('href'));
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-disposition']).toContain('conversa.csv');
  const lines = (await answer.text()).replace(/^\uFEFF/, '');
  expect(lines.startsWith('"conversa";"quando";"quem escreveu";"texto";"anexo"\r\n')).toBe(true);
  expect((await page.request.get('/files/conversa.csv?id=999999')).status()).toBe(404);
});
