// Every page for everybody: axe in light and dark, the keyboard, small and large screens, targets that a finger hits.
import { expectAccessible } from './axe.mjs';
import { openPage, pages, useTheme } from './pages.mjs';
import { expect, test } from './test.mjs';

const WIDTHS = [320, 360, 768, 1280, 1920];

for (const aPage of pages) {
  test.describe(aPage.name, () => {
    test.use({ signedInAs: aPage.as });
    test.beforeEach(({ complaints }) => aPage.status && complaints.expect(new RegExp(`status of ${aPage.status}`)));

    for (const theme of ['light', 'dark']) {
      test.describe(theme, { tag: '@script' }, () => {
        test(`axe finds nothing on ${aPage.name} in ${theme}`, async ({ page, visit, context, baseURL }) => {
          await useTheme(context, baseURL, theme);
          await openPage(visit, page, aPage);
          await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
          await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
          // But for the menu's, which on a phone lies over the page.
          await page.evaluate(() => document.querySelectorAll('details:not(.more)').forEach((details) => (details.open = true)));
          await expectAccessible(page);
          await page.setViewportSize({ width: 360, height: 740 });
          await expectAccessible(page);
        });
      });
    }

    test(`${aPage.name} fits every width, with targets large enough`, async ({ page, visit }) => {
      await openPage(visit, page, aPage);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 800 });
        const beyond = await page.evaluate(whatSticksOut);
        expect(beyond, `at ${width} px`).toEqual([]);
        expect(await page.evaluate(smallTargets), `at ${width} px`).toEqual([]);
        expect(await page.evaluate(wordsOnWords), `at ${width} px`).toEqual([]);
      }
    });
  });
}

/** In the page: what makes it scroll sideways. */
function whatSticksOut() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5);
  return [`${root.scrollWidth} px`, ...wide.map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 30)}`)];
}

/** In the page: targets below 24 px, and main ones below 44 px. Links within a sentence are no targets of their own. */
function smallTargets() {
  const visible = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().height > 1;
  const below = (selector, least) =>
    [...document.querySelectorAll(selector)]
      .filter(visible)
      .map((element) => [element, element.getBoundingClientRect()])
      .filter(([, box]) => Math.min(box.width, box.height) < least - 0.01)
      .map(([element, box]) => `${element.tagName}.${element.className} “${element.textContent.trim().slice(0, 20)}” ${box.width} × ${box.height} < ${least}`);
  return [
    ...below('nav a, button, summary, .back a, input:not([type="hidden"])', 24),
    ...below('.button, .menu-entry, a.talk, .field input, .field select, .day-choice input', 44),
  ];
}

/** In the page: texts of one row that stand on each other. What a box cuts off does not count. */
function wordsOnWords() {
  const found = [];
  for (const row of document.querySelectorAll('.slot, .talk, .rows tr, .facts > div, .upcoming li, .figure, .card-head, .page-head, .thread-head, .menu-entry, .whose')) {
    const texts = [];
    const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      if (!walk.currentNode.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(walk.currentNode);
      let { left, top, right, bottom } = range.getBoundingClientRect();
      for (let box = walk.currentNode.parentElement; box !== row.parentElement; box = box.parentElement) {
        if (getComputedStyle(box).overflow === 'visible') continue;
        const edge = box.getBoundingClientRect();
        [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
        [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
      }
      // Two lines may touch: letters do not fill their line.
      if (right - left > 1 && bottom - top > 1) texts.push({ left, top: top + 2, right, bottom: bottom - 2, words: walk.currentNode.data.trim().slice(0, 25) });
    }
    texts.forEach((a, index) => {
      for (const b of texts.slice(index + 1)) {
        const apart = a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.top || b.bottom <= a.top;
        if (!apart) found.push(`“${a.words}” and “${b.words}”`);
      }
    });
  }
  return found;
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
