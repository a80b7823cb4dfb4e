// A project that is not well: each panel says what happened and recovers on request, and nobody else notices.
import { request } from '@playwright/test';
import { expectAccessible } from './axe.mjs';
import { picture } from './pages.mjs';
import { turn } from './project.mjs';
import { expect, test } from './test.mjs';
import { sessionOf, theWorld } from './world.mjs';

const latency = (ms) => turn('barbearia-navalha', 'latency', { ms });

/** Makes the barber's project ill; with `path` only for requests whose address contains it. */
const fault = (mode, path = '') => turn('barbearia-navalha', 'fault', { mode, path });

const figures = (page) => page.locator('.figure:not(.failed)');
const alerts = (page) => page.getByRole('alert');
const old = (page) => page.getByRole('status').filter({ hasText: 'Dados das' });
const again = (page) => page.getByRole('link', { name: 'Tentar de novo' });

/** Waits until the project is asked again: one that did not answer several times in a row is left alone for some 15 s. */
async function rested() {
  const bruno = await request.newContext({ baseURL: theWorld().url, storageState: sessionOf('bruno') });
  // The list is read anew each time; an overview of the last minute would hide what is the matter.
  const troubled = async () => /class="(trouble|notice stale)"/.test(await (await bruno.get('/conversations')).text());
  await expect.poll(troubled, { timeout: 30_000, intervals: [100, 1_000] }).toBe(false);
  await bruno.get('/');
  await bruno.dispose();
}

/** The overview as it is now: it is kept for a minute, and read again on request when it is five seconds old. */
async function visitOverview(visit) {
  await new Promise((resolve) => setTimeout(resolve, 5_200));
  return visit('/?refresh=1');
}

test.describe.configure({ mode: 'serial', timeout: 90_000 });
// Whatever else ran before: what is read here lies at most a few seconds back.
test.beforeEach(rested);
test.afterEach(async () => {
  await latency(0);
  await fault('none');
  await rested();
});

test.describe('a file that takes long', () => {
  test.use({ signedInAs: 'bruno' });
  const file = (page) => page.getByRole('link', { name: 'Baixar mensagens (CSV)' });
  const told = (page, text) => expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();

  test('shows how far it is, and ends when it is cancelled', async ({ page, visit }) => {
    let saved = 0;
    page.on('download', () => saved++);
    await visit('/conversations');
    await latency(700);
    await file(page).click();
    await expect(page.getByRole('progressbar')).toBeVisible();
    await expect(page.getByText(/^\d+(\.\d{3})* de cerca de \d+(\.\d{3})* linhas$/)).toBeVisible();
    await page.getByRole('button', { name: 'Cancelar' }).click();
    await told(page, 'Cancelado: nada foi guardado.');
    await expect(page.getByRole('progressbar')).toHaveCount(0);
    await latency(0);
    expect(saved).toBe(0);
  });

  test('is not saved when it breaks off, and says so', async ({ page, visit, complaints }) => {
    complaints.expect(/net::ERR_/);
    let saved = 0;
    page.on('download', () => saved++);
    await visit('/conversations');
    await latency(700);
    await file(page).click();
    await expect(page.getByText(/^\d.* de cerca de /)).toBeVisible();
    await fault('error500');
    await told(page, 'O arquivo parou no meio e não foi guardado.');
    expect(saved).toBe(0);
  });
});

/** Asks once more. With script the page may come back by itself meanwhile: its project is told to have come back. */
async function back(page, loading) {
  const asked = loading(() => again(page).first().click()).catch(() => {});
  await Promise.race([asked, expect(alerts(page)).toHaveCount(0, { timeout: 60_000 })]);
}

for (const [mode, javaScriptEnabled] of [['with WASM', true], ['without JavaScript', false]]) {
  test.describe(mode, () => {
    test.use({ javaScriptEnabled, signedInAs: 'bruno' });

    for (const illness of ['error500', 'refuse']) {
      test(`${illness}: what was read last stands in, marked, and goes`, async ({ page, visit, loading }) => {
        await fault(illness);
        await visitOverview(visit);
        await expect(old(page)).toContainText('O projeto Supabase não respondeu');
        await expect(figures(page)).not.toHaveCount(0);
        await expect(page.locator('.figure.failed')).toHaveCount(0);
        await expect(alerts(page)).toHaveCount(0);
        if (illness === 'error500') {
          if (javaScriptEnabled) await expectAccessible(page);
          if (javaScriptEnabled) for (const width of [360, 768, 1280]) await picture(page, width, `stale-${width}-light.png`);
        }
        // A week that nobody has looked at yet, in this attempt or another.
        const weeks = { error500: [1, 2], refuse: [3, 4] }[illness];
        const path = `/appointments?date=${2031 + test.info().retry}-0${weeks[javaScriptEnabled ? 0 : 1]}-06`;
        await visit(path);
        await expect(alerts(page)).toContainText('O projeto Supabase não respondeu');
        await expect(old(page)).toHaveCount(0);
        await fault('none');
        await rested();
        await back(page, loading);
        await expect(page).toHaveURL(path);
        await expect(alerts(page)).toHaveCount(0);
        await visitOverview(visit);
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
        await visitOverview(visit);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('Visão geral');
        // The chart, the week, the appointments and what comes next; conversations, messages and appointments in figures.
        await expect(alerts(page)).toHaveCount(4);
        for (const alert of await alerts(page).all()) await expect(alert).toContainText(words);
        await expect(page.locator('.figure.failed')).toHaveCount(3);
        await expect(figures(page)).toHaveCount(0);
        if (illness === 'paused' && javaScriptEnabled) {
          await expectAccessible(page);
          for (const width of [360, 1280]) await picture(page, width, `trouble-${width}-light.png`);
        }
        await fault('none');
        await rested();
        await back(page, loading);
        await expect(page.locator('.figure.failed')).toHaveCount(0);
        await expect(page.locator('rect.bar')).toHaveCount(7);
        await expect(alerts(page)).toHaveCount(0);
      });
    }

    test('only the panel whose read failed is troubled', async ({ page, visit }) => {
      await fault('paused', '/appointments');
      await visitOverview(visit);
      await expect(page.locator('.figure.failed')).toHaveCount(1);
      await expect(figures(page).filter({ hasText: 'Mensagens recebidas' })).toBeVisible();
      await expect(page.getByRole('region', { name: 'Conversas novas por dia' }).locator('rect.bar')).toHaveCount(7);
      for (const name of ['Próximos agendamentos', 'Agendamentos']) {
        await expect(page.getByRole('region', { name, exact: true }).getByRole('alert')).toBeVisible();
      }
      await expect(alerts(page)).toHaveCount(2);
    });

    test('lists and threads tell it too, and try the same page again', async ({ page, visit, loading }) => {
      for (const path of ['/conversations', '/appointments?date=2026-01-05', '/conversations/1500']) {
        await fault('paused');
        await visit(path);
        await expect(alerts(page)).toContainText('O projeto Supabase está pausado');
        await fault('none');
        await rested();
        await back(page, loading);
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
      const asked = page.waitForRequest((one) => one.url().endsWith('/?refresh=1'));
      let given = false;
      const waiting = visitOverview(visit).then(() => (given = true));
      const ana = await request.newContext({ baseURL: theWorld().url, storageState: sessionOf('ana') });
      await asked;
      // The list is read anew each time. She has it before his page is given up.
      for (let turn = 0; turn < 3; turn++) {
        const html = await (await ana.get('/conversations')).text();
        expect(html).toContain('class="talk"');
        expect(html).not.toContain('class="trouble"');
        expect(given, 'his page still waits').toBe(false);
      }
      await ana.dispose();
      await waiting;
      await expect(old(page)).toContainText('Passou do tempo de espera');
      await expect(figures(page)).not.toHaveCount(0);
    });
  });
}
