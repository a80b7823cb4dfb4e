// English: every page speaks it and nothing else, but for what other people wrote; a choice holds and follows its user.
import { fits } from './fits.mjs';
import { openPage, pages, useLanguage } from './pages.mjs';
import { expect, test } from './test.mjs';
import { people } from '../people.mjs';

/** Words of Painel's own in Portuguese; none is a word of English, and names and messages of the demo are left out below. */
const PORTUGUESE =
  /[ãõç]|(?<!\p{L})(?:agenda|agendamentos?|conversas?|mensage(?:m|ns)|conex(?:ão|ões)|equipe|auditoria|segurança|sair|guardar|salvar|procurar|filtros?|limpar|voltar|nenhuma?|não|você|senha|entrar|hoje|ontem|amanhã|segunda|terça|quarta|quinta|sexta|sábado|domingo|janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|há|desde|até|mais|cliente|clientes|estado|nome|convite|código|horário|período)(?!\p{L})/iu;

/** In the page: its own words, in texts and in what is read out, but not what stands in the tenant's data. */
function ownWords() {
  const others = 'bdi, .menu-short, .bubble-text, .whose, [lang]:not(html), option, pre, code, .booked, .upcoming, [title*=" · "]';
  const words = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement, data } = walk.currentNode;
    if (data.trim() && !parentElement.closest(`${others}, textarea, script, style, noscript`)) words.push(data.trim());
  }
  for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
    for (const element of document.querySelectorAll(`[${name}]`)) if (!element.closest(others)) words.push(element.getAttribute(name));
  }
  // Names of places, short names, and what the agency wrote.
  return [document.title, ...words].map((text) => text.replace(/São Paulo|Mensalidade de outubro em aberto\./, '')).filter((text) => !/^[a-z]+(-[a-z]+)+$/.test(text));
}

for (const aPage of pages) {
  test.describe(aPage.name, () => {
    test.use({ signedInAs: aPage.as });

    test(`${aPage.name} is in English, and fits`, { tag: '@script' }, async ({ page, visit, context, baseURL, complaints }) => {
      if (aPage.status) complaints.expect(new RegExp(`status of ${aPage.status}`));
      await useLanguage(context, baseURL, 'en');
      await openPage(visit, page, aPage);
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      await expect(page.locator('.skeleton')).toHaveCount(0);
      const words = await page.evaluate(ownWords);
      expect(words.length).toBeGreaterThan(3);
      expect(words.filter((text) => PORTUGUESE.test(text))).toEqual([]);
      for (const width of [320, 768, 1280]) expect(await fits(page, width), `at ${width} px`).toEqual([]);
    });
  });
}

test.describe('an admin', () => {
  test.use({ signedInAs: async ({ whose }, use) => use(`ingrid-${whose}`) });

  test('a choice holds, in this browser and at the next sign-in', async ({ page, visit, loading, browser, baseURL, javaScriptEnabled, whose }) => {
    const { email, password } = people[`ingrid-${whose}`];
    await visit('/settings/team?done=invited');
    await loading(() => page.locator('.side-end').getByRole('button', { name: 'English' }).click());
    await expect(page).toHaveURL('/settings/team?done=invited');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Team');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.getByRole('link', { name: 'Security' }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Security');

    // A browser that was never here: the sign-in is in its own language, and what follows in the user's.
    const other = await browser.newContext({ baseURL, javaScriptEnabled, storageState: { cookies: [], origins: [] } });
    const fresh = await other.newPage();
    await fresh.goto('/login');
    await fresh.getByLabel('E-mail').fill(email);
    await fresh.getByLabel('Senha').fill(password);
    await fresh.getByRole('button', { name: 'Entrar', exact: true }).click();
    await expect(fresh.getByRole('link', { name: 'Overview' }).first()).toBeVisible();
    await expect(fresh.locator('html')).toHaveAttribute('lang', 'en');
    await other.close();

    await loading(() => page.locator('.side-end').getByRole('button', { name: 'Português' }).click());
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Segurança');
  });
});

test.describe('nobody', () => {
  test.use({ signedInAs: null });

  test('chooses on the page for signing in', async ({ page, visit, loading, whose }) => {
    await visit('/login');
    await loading(() => page.getByRole('button', { name: 'English' }).click());
    await expect(page).toHaveURL('/login');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
    await page.getByLabel('Email').fill(`ninguem@idiomas-${whose}.example`);
    await page.getByLabel('Password').fill('nao-e-senha-de-ninguem');
    await loading(() => page.getByRole('button', { name: 'Sign in', exact: true }).click());
    await expect(page.getByRole('alert')).toContainText('Wrong email or password');
  });
});
