// Every page for everybody: axe in light and its contrasts in dark, the keyboard, small and large screens, targets that a finger hits.
import { expectAccessible, expectContrast } from './axe.mjs';
import { fits } from './fits.mjs';
import { openPage, pages, useTheme } from './pages.mjs';
import { expect, test } from './test.mjs';

const WIDTHS = [320, 360, 768, 1280, 1920];

for (const aPage of pages) {
  test.describe(aPage.name, () => {
    test.use({ signedInAs: aPage.as });
    test.beforeEach(({ complaints }) => aPage.status && complaints.expect(new RegExp(`status of ${aPage.status}`)));

    test(`axe finds nothing on ${aPage.name}`, { tag: '@script' }, async ({ page, visit, context, baseURL }) => {
      test.slow(); // four looks at a page, of which some are long
      await useTheme(context, baseURL, 'system');
      await page.emulateMedia({ colorScheme: 'light' });
      await openPage(visit, page, aPage);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      // But for the menu's, which on a phone lies over the page.
      await page.evaluate(() => document.querySelectorAll('details:not(.more)').forEach((details) => (details.open = true)));
      for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme: 'light' });
        await expectAccessible(page);
        // Nothing but the colours is another in the dark.
        await page.emulateMedia({ colorScheme: 'dark' });
        await expectContrast(page);
      }
    });

    test(`${aPage.name} fits every width, with targets large enough`, async ({ page, visit }) => {
      await openPage(visit, page, aPage);
      for (const width of WIDTHS) {
        expect(await fits(page, width), `at ${width} px`).toEqual([]);
      }
    });
  });
}

test.describe('the keyboard', () => {
  /** Tabs until `until` says so or everything had its turn; gives what had the focus, as text. */
  async function tab(page, until) {
    const trail = [];
    for (let step = 0; step < 120; step++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(describeFocus);
      if (!at) break;
      trail.push(at);
      if (until?.(at)) break;
    }
    return trail;
  }

  /** In the page: what has the focus, whether one sees that it has, and what covers it. */
  function describeFocus() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const points = [0.02, 0.5, 0.98].map((part) => [box.left + box.width / 2, box.top + box.height * part]);
    const hits = points.map(([x, y]) => document.elementFromPoint(x, y));
    return {
      name: element.getAttribute('aria-label') ?? (element.textContent.trim() || element.id),
      area: element.closest('nav.menu') ? 'menu' : element.closest('main') ? 'main' : 'frame',
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      seen: hits.some((hit) => hit && (element.contains(hit) || hit.contains(element))),
    };
  }

  test('goes through the skip link, the menu and the page, and is always to be seen', async ({ page, visit }) => {
    await visit('/');
    const trail = await tab(page);
    expect(trail[0].name).toBe('Ir para o conteúdo');
    const menu = trail.filter(({ area }) => area === 'menu').map(({ name }) => name);
    expect(menu.map((name) => name.replace(/(Início|Conversas|Agenda|Conexões|Equipe|Auditoria)$/, '') || name)).toEqual([
      'Visão geral',
      'Conversas',
      'Agenda',
      'Conexões',
      'Equipe',
      'Auditoria',
    ]);
    const names = trail.map(({ name }) => name);
    for (const name of ['Auto', 'Claro', 'Escuro', 'Sair', 'atualizar', 'Ver como tabela', 'Ver a agenda']) expect(names).toContain(name);
    expect(names.indexOf('Conexões')).toBeLessThan(names.indexOf('atualizar'));
    expect(trail.filter(({ outlined }) => !outlined)).toEqual([]);
  });

  for (const path of ['/', '/conversations', '/settings/credentials', '/appointments']) {
    test(`on a phone nothing that has the focus hides behind the bar at the bottom of ${path}`, async ({ page, visit }) => {
      await page.setViewportSize({ width: 360, height: 640 });
      await visit(path);
      const trail = await tab(page);
      expect(trail.length).toBeGreaterThan(8);
      expect(trail.filter(({ seen }) => !seen)).toEqual([]);
    });
  }

  test('signs in', async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL, storageState: { cookies: [], origins: [] } });
    const page = await context.newPage();
    await page.goto('/login');
    const trail = await tab(page, ({ name }) => name === 'Entrar');
    expect(trail.map(({ name }) => name)).toEqual(['email', 'password', 'Entrar']);
    await context.close();
  });
});

test.describe('eyes that need more', { tag: '@script' }, () => {
  const MAIN = ['overview', 'conversations', 'thread', 'appointments', 'credentials', 'automation', 'audit', 'team', 'security', 'console', 'login'];
  const MEDIA = [
    { contrast: 'more', forcedColors: 'none' },
    { contrast: 'no-preference', forcedColors: 'active' },
  ];

  for (const aPage of pages.filter(({ name }) => MAIN.includes(name))) {
    test.describe(aPage.name, () => {
      test.use({ signedInAs: aPage.as });

      test(`${aPage.name} can be read with more contrast and with the device’s own colours`, async ({ page, visit }) => {
        test.slow();
        await openPage(visit, page, aPage);
        for (const media of MEDIA) {
          for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ ...media, colorScheme });
            await expectContrast(page);
          }
        }
      });
    });
  }

  test('with forced colours the current entry, the focus, badges and bars are still told apart', async ({ page, visit }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    await visit('/');
    const look = (locator, ...names) =>
      locator.evaluate((element, names) => names.map((name) => getComputedStyle(element).getPropertyValue(name)), names);
    const menu = page.getByRole('navigation', { name: 'Páginas' });
    const entry = (name) => look(menu.getByRole('link', { name }).first(), 'border-top-color', 'border-top-width');
    expect(await entry('Visão geral')).not.toEqual(await entry('Conversas'));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const [outline] = await look(page.locator(':focus'), 'outline-style');
    expect(outline).toBe('solid');
    const [ground] = await look(page.locator('html'), 'background-color');
    for (const badge of await page.locator('.badge:visible').all()) expect((await look(badge, 'border-top-style'))[0]).toBe('solid');
    const bars = page.locator('.chart-drawing .bar');
    if (await bars.count()) expect(await look(bars.first(), 'fill')).not.toEqual([ground]);
  });

  test('with less motion nothing moves', async ({ page, visit }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await visit('/settings/team');
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element);
        return animationName !== 'none' || transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
      }).map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(moving).toEqual([]);
  });
});

test.describe('messages', { tag: '@script' }, () => {
  test.describe('of the sign-in page', () => {
    test.use({ signedInAs: null });

    test('are accessible', async ({ page, visit, complaints }) => {
      complaints.expect(/status of 401/);
      await visit('/login');
      await page.getByLabel('E-mail').fill('ninguem@nada.example');
      await page.getByLabel('Senha').fill('errada-errada-errada');
      await page.getByRole('button', { name: 'Entrar' }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expectAccessible(page);
    });
  });

  test.describe('at refused fields', () => {
    test.use({ fresh: true });

    test('are accessible in both colours', async ({ page, visit, complaints, context, baseURL }) => {
      complaints.expect(/status of 422/);
      for (const theme of ['light', 'dark']) {
        await useTheme(context, baseURL, theme);
        await visit('/settings/credentials');
        const card = page.getByRole('region', { name: 'n8n' });
        await card.getByLabel('URL do webhook').fill('https://n8n.example/webhook-test/x');
        await card.getByRole('button', { name: 'Guardar' }).click();
        await expect(card.locator('.field-error')).toHaveCount(1);
        await expectAccessible(page);
      }
    });
  });
});
