// No tenant reaches another's rows: by an address, by a server function, or by anything that its pages show.
import { request } from '@playwright/test';
import { barber } from '../stack/seed/barber.mjs';
import { conversationNamed, rows } from './project.mjs';
import { expect, test } from './test.mjs';
import { sessionOf, theWorld } from './world.mjs';

const AURORA = 'clinica-aurora';
const NAVALHA = 'barbearia-navalha';
const NEVER = 999_999; // an id that exists nowhere
/** Words that only the barber's data has. */
const TELLING = [
  'Barbearia',
  'Navalha',
  'Bruno',
  ...barber.professionals.map(({ name }) => name),
  ...Object.values(barber.services).map(({ name }) => name),
  ...barber.familyNames.filter((name) => name.length > 6),
];
const found = (text) => TELLING.filter((word) => text.includes(word));
const browserOf = (key) => request.newContext({ baseURL: theWorld().url, storageState: sessionOf(key) });

for (const [mode, javaScriptEnabled] of [['with WASM', true], ['without JavaScript', false]]) {
  test.describe(mode, () => {
    test.use({ javaScriptEnabled });

    test('another tenant’s conversation is one that never existed', async ({ page, visitMissing, complaints }) => {
      complaints.expect(/status of 404/);
      const [his] = await rows(NAVALHA, 'conversations?select=id,name&id=lt.1000&name=not.is.null&order=id&limit=1&offset=500');
      const bruno = await browserOf('bruno');
      const own = await bruno.get(`/conversations/${his.id}`);
      expect(own.status()).toBe(200);
      expect(await own.text()).toContain(his.name);
      await bruno.dispose();

      for (const id of [his.id, NEVER]) {
        const response = await visitMissing(`/conversations/${id}`);
        expect(response.status()).toBe(404);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('Conversa não encontrada');
        await expect(page.getByText('Ela não existe ou não pertence a este painel.')).toBeVisible();
        expect(await page.content()).not.toContain(his.name);
      }
    });

    test('an id that both tenants have is the own one', async ({ page, visit }) => {
      const [[mine], [his]] = await Promise.all([AURORA, NAVALHA].map((slug) => rows(slug, 'conversations?select=name,phone&id=eq.1500')));
      expect(mine.phone).not.toBe(his.phone);
      await visit('/conversations/1500');
      await expect(page.locator('.thread-head')).toContainText(mine.name ?? mine.phone.slice(-4));
      expect(await page.content()).not.toContain(his.name ?? his.phone.slice(-4));
    });

    test('nothing on her pages comes from his project', async ({ page, visit }) => {
      const visited = ['/', '/conversations', '/appointments', '/settings/credentials', '/conversations/1500'];
      visited.push(`/conversations/${await conversationNamed(AURORA, 'Silvana do Textão')}`);
      const bruno = await browserOf('bruno');
      for (const path of visited) {
        await visit(path);
        await expect(page.locator('.whose')).toContainText('Clínica Aurora');
        expect(found(await page.content()), `of his on ${path}`).toEqual([]);
        const his = await bruno.get(path);
        if (his.ok()) expect(found(await his.text()).length, `the scan sees his own ${path}`).toBeGreaterThan(0);
      }
      await bruno.dispose();
    });
  });
}

test('answers for his id and for none are the same bytes', async ({ page }) => {
  const [his] = await rows(NAVALHA, 'conversations?select=id&id=lt.1000&order=id&limit=1&offset=700');
  const ask = async (id) => {
    const answers = [];
    // Beside an empty list: what stands in one changes with the minutes.
    for (const path of [`/conversations/${id}?q=ninguem-assim`, `/api/conversations/thread?id=${id}`]) {
      let response;
      await expect(async () => {
        response = await page.request.get(path);
        expect(response.status()).toBe(404);
      }).toPass({ timeout: 10_000 });
      answers.push((await response.text()).replaceAll(/nonce="[^"]*"/g, 'nonce').replaceAll(new RegExp(`\\b${id}\\b`, 'g'), 'ID'));
    }
    return answers;
  };
  expect(await ask(his.id)).toEqual(await ask(NEVER));
});
