// A project that is not well: each panel says what happened and recovers on request, and nobody else notices.
import { request } from '@playwright/test';
import { expectAccessible } from './axe.mjs';
import { picture } from './pages.mjs';
import { expect, test } from './test.mjs';
import { projectOf, sessionOf, theWorld } from './world.mjs';

/** Makes the barber's project ill; with `path` only for requests whose address contains it. */
async function fault(mode, path = '') {
  const response = await fetch(`${projectOf('barbearia-navalha').control_url}/fault`, { method: 'POST', body: JSON.stringify({ mode, path }) });
  if (!response.ok) throw new Error(await response.text());
}

const figures = (page) => page.locator('.figure:not(.failed)');
const alerts = (page) => page.getByRole('alert');
const old = (page) => page.getByRole('status').filter({ hasText: 'Dados das' });
const again = (page) => page.getByRole('link', { name: 'Tentar de novo' });

/** Waits until the project is asked again: one that did not answer several times in a row is left alone for some 15 s. */
async function rested() {
  const bruno = await request.newContext({ baseURL: theWorld().url, storageState: sessionOf('bruno') });
  const troubled = async () => /class="(trouble|notice stale)"/.test(await (await bruno.get('/')).text());
  await expect.poll(troubled, { timeout: 30_000, intervals: [100, 1_000] }).toBe(false);
  await bruno.dispose();
}

test.describe.configure({ mode: 'serial', timeout: 90_000 });
// Whatever else ran before: what is read here lies at most a few seconds back.
test.beforeEach(rested);
test.afterEach(async () => {
  await fault('none');
  await rested();
});

for (const [mode, javaScriptEnabled] of [['with WASM', true], ['without JavaScript', false]]) {
  test.describe(mode, () => {
    test.use({ javaScriptEnabled, signedInAs: 'bruno' });

    for (const illness of ['error500', 'refuse']) {
      test(`${illness}: what was read last stands in, marked, and goes`, async ({ page, visit, loading }) => {
        await fault(illness);
        await visit('/');
        await expect(old(page)).toContainText('O projeto Supabase não respondeu');
        await expect(figures(page)).toHaveCount(4);
        await expect(alerts(page)).toHaveCount(0);
        if (illness === 'error500') {
          if (javaScriptEnabled) await expectAccessible(page);
          if (javaScriptEnabled) for (const width of [360, 768, 1280]) await picture(page, width, `stale-${width}-light.png`);
        }
        // A week that nobody has looked at yet.
        const weeks = { error500: [1, 2], refuse: [3, 4] }[illness];
        const path = `/appointments?from=2031-0${weeks[javaScriptEnabled ? 0 : 1]}-06`;
        await visit(path);
        await expect(alerts(page)).toContainText('O projeto Supabase não respondeu');
        await expect(old(page)).toHaveCount(0);
        await fault('none');
        await rested();
        await loading(() => again(page).click());
        await expect(page).toHaveURL(path);
        await expect(alerts(page)).toHaveCount(0);
        await visit('/');
        await expect(old(page)).toHaveCount(0);
      });
    }

    for (const [illness, words] of [
      ['paused', 'O projeto Supabase está pausado'],
      ['html', 'O projeto respondeu algo que não entendemos'],
      ['huge', 'O projeto respondeu algo que não entendemos'],
      ['empty401', 'O projeto Supabase recusou a leitura'],
    ]) {
      test(`${illness}: the panels say so and come back`, async ({ page, visit, loading }) => {
        await fault(illness);
        await visit('/');
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('Visão geral');
        await expect(alerts(page)).toHaveCount(2);
        for (const alert of await alerts(page).all()) await expect(alert).toContainText(words);
        await expect(page.locator('.figure.failed')).toHaveCount(2);
        await expect(figures(page)).toHaveCount(0);
        if (illness === 'paused' && javaScriptEnabled) {
          await expectAccessible(page);
          for (const width of [360, 1280]) await picture(page, width, `trouble-${width}-light.png`);
        }
        await fault('none');
        await rested();
        await loading(() => again(page).first().click());
        await expect(figures(page)).toHaveCount(4);
        await expect(page.locator('rect.bar')).toHaveCount(30);
        await expect(alerts(page)).toHaveCount(0);
      });
    }

    test('only the panel whose read failed is troubled', async ({ page, visit }) => {
      await fault('paused', '/appointments');
      await visit('/');
      await expect(figures(page)).toHaveCount(2);
      await expect(page.getByRole('region', { name: 'Conversas novas por dia' }).locator('rect.bar')).toHaveCount(30);
      await expect(page.getByRole('region', { name: 'Próximos agendamentos' }).getByRole('alert')).toBeVisible();
      await expect(alerts(page)).toHaveCount(1);
    });

    test('lists and threads tell it too, and try the same page again', async ({ page, visit, loading }) => {
      for (const path of ['/conversations', '/appointments?from=2026-01-05', '/conversations/1500']) {
        await fault('paused');
        await visit(path);
        await expect(alerts(page)).toContainText('O projeto Supabase está pausado');
        await fault('none');
        await rested();
        await loading(() => again(page).click());
        await expect(page).toHaveURL(path);
        await expect(alerts(page)).toHaveCount(0);
      }
      await fault('paused', '/messages');
      await visit('/conversations/1500');
      await expect(page.locator('.thread-head')).toBeVisible();
      await expect(page.locator('.thread-body').getByRole('alert')).toBeVisible();
    });

    test('a project that hangs gives up in time, and other tenants do not wait for it', async ({ page, visit }) => {
      await fault('hang');
      const waiting = visit('/');
      const ana = await request.newContext({ baseURL: theWorld().url, storageState: sessionOf('ana') });
      for (let turn = 0; turn < 3; turn++) {
        const began = performance.now();
        const html = await (await ana.get('/')).text();
        expect(html).toContain('Conversas novas hoje');
        expect(html).not.toContain('class="trouble"');
        expect(performance.now() - began).toBeLessThan(2_500);
      }
      await ana.dispose();
      await waiting;
      await expect(old(page)).toContainText('Passou do tempo de espera');
      await expect(figures(page)).toHaveCount(4);
    });
  });
}
