// Nothing but a keyboard: one person goes through the product from the sign-in to the way out, and Tab goes through every
// page. At each step one sees what has the focus and that it has it, and nothing keeps it.
import { people } from '../people.mjs';
import { dress } from './dress.mjs';
import { press, tabTo, walk } from './focus.mjs';
import { openPage, pages } from './pages.mjs';
import { expect, test } from './test.mjs';

const { ana } = people;

test.describe('somebody without a mouse', () => {
  test.use({ signedInAs: null });

  // No click, no fill, no focus, and no address but the first.
  test('signs in, looks up, reads, sets and signs out', async ({ page, visit, hydrated, mode }) => {
    test.slow(); // all of the product in one go
    const heading = (name) => page.getByRole('heading', { level: 1, name });
    const menu = page.getByRole('navigation', { name: 'Páginas' });
    // Whether the page was loaded since the last Enter: then one is at its head.
    let anew = true;
    page.on('domcontentloaded', () => (anew = true));

    /** Follows what has the focus, and waits until what it leads to can be used. */
    const enter = async (address, shown) => {
      anew = false;
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(address);
      await expect(shown).toBeVisible();
      await page.waitForLoadState();
      await hydrated();
    };
    /** The menu stands before the page: from within the page one goes back to it. */
    const toMenu = async (name) => {
      const inside = !anew && (await press(page, 'Tab'))?.inside;
      await tabTo(page, menu.getByRole('link', { name }), { back: inside });
    };

    await test.step('signs in', async () => {
      await visit('/login');
      await tabTo(page, page.getByLabel('E-mail'), { most: 1 });
      await page.keyboard.type(ana.email);
      await tabTo(page, page.getByLabel('Senha'), { most: 1 });
      await page.keyboard.type(ana.password);
      await enter('/', heading('Visão geral'));
    });

    await test.step('goes past the menu and chooses a period', async () => {
      await tabTo(page, page.getByRole('link', { name: 'Ir para o conteúdo' }), { most: 1 });
      await page.keyboard.press('Enter');
      await expect(page.locator('main')).toBeFocused();
      const periods = page.getByRole('navigation', { name: 'Período' });
      await tabTo(page, periods.getByRole('link', { name: '30 dias' }), { most: 8 });
      await enter('/?period=30', periods.locator('[aria-current]', { hasText: '30 dias' }));
    });

    const search = page.getByRole('search', { name: 'Procurar conversas' });
    const items = page.locator('.talks > li');

    await test.step('finds a conversation and opens it', async () => {
      await toMenu('Conversas');
      await enter('/conversations', heading('Conversas'));
      await expect(items).toHaveCount(50);
      await tabTo(page, search.getByLabel('Procurar'));
      await page.keyboard.type('silvana do text');
      await enter(/[?&]q=silvana/, items.first());
      await expect(items).toHaveCount(1);
      await tabTo(page, items.getByRole('link', { name: 'Silvana do Textão' }));
      await enter(/\/conversations\/\d+\?q=silvana/, heading('Silvana do Textão'));
    });

    await test.step('goes past the list to the thread, and back to the whole list', async () => {
      await tabTo(page, page.getByRole('link', { name: 'Pular a lista' }), { back: !anew });
      await page.keyboard.press('Enter');
      await expect(page.locator('#thread')).toBeFocused();
      await tabTo(page, page.getByLabel('Ir para o dia'), { most: 1 });
      await tabTo(page, search.getByRole('link', { name: 'Limpar' }), { back: true });
      await enter('/conversations', page.getByText('Escolha uma conversa'));
      await expect(items).toHaveCount(50);
    });

    await test.step('looks at the agenda as a list, opens an appointment and comes back', async () => {
      await toMenu('Agenda');
      await enter('/appointments', page.locator('.hours-all'));
      await tabTo(page, page.getByRole('navigation', { name: 'Visão da agenda' }).getByRole('link', { name: 'Lista' }));
      await enter('/appointments?view=list', page.locator('.slot').first());
      await tabTo(page, page.locator('.slot-who a').first());
      await enter(/\/appointments\/\d+\?view=list/, page.locator('.booking'));
      await tabTo(page, page.getByRole('link', { name: '← Agenda' }));
      await enter('/appointments?view=list', page.locator('.slot').first());
    });

    await test.step('unfolds what is folded, folds it again, and fills in a form without sending it', async () => {
      await toMenu('Equipe');
      await enter('/settings/team', heading('Equipe'));
      const access = page.locator('details.access').first();
      const summary = access.locator('summary');
      await expect(summary).toBeVisible();
      await tabTo(page, summary);
      await page.keyboard.press('Enter');
      await expect(access).toHaveAttribute('open');
      await tabTo(page, access.getByRole('button', { name: 'Criar link de nova senha' }), { most: 1 });
      await tabTo(page, summary, { most: 1, back: true });
      await page.keyboard.press('Enter');
      await expect(access).not.toHaveAttribute('open');

      await tabTo(page, page.getByLabel('E-mail'));
      await page.keyboard.type('ninguem@clinica-aurora.example');
      await tabTo(page, page.getByRole('radio', { name: /^leitura/ }), { most: 1 });
      await press(page, 'ArrowDown');
      await expect(page.getByRole('radio', { name: /^atendimento/ })).toBeChecked();
      await tabTo(page, page.getByRole('button', { name: 'Criar convite' }), { most: 1 });
    });

    if (mode === 'wasm') {
      await test.step('opens the dialog of keys and leaves it by Escape, or by its button', async () => {
        const dialog = page.getByRole('dialog', { name: 'Teclas' });
        const button = page.getByRole('button', { name: 'Teclas', exact: true });
        await tabTo(page, button, { back: true });
        await page.keyboard.press('Enter');
        await expect(dialog.getByRole('button', { name: 'Fechar' })).toBeFocused();
        await tabTo(page, dialog.getByRole('button', { name: 'Desligar as teclas' }), { most: 1 });
        await page.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
        await expect(button).toBeFocused();
        await page.keyboard.press('Enter');
        await expect(dialog.getByRole('button', { name: 'Fechar' })).toBeFocused();
        await page.keyboard.press('Enter');
        await expect(dialog).toBeHidden();
        await expect(button).toBeFocused();
      });
    }

    await test.step('signs out', async () => {
      // The way out stands after the keys and before the page.
      await tabTo(page, page.getByRole('button', { name: 'Sair', exact: true }), { back: mode === 'plain' });
      await enter('/login', heading('Entrar'));
      await tabTo(page, page.getByLabel('E-mail'), { most: 1 });
    });
  });
});

// With script alone: without it there are the same elements, but for a few.
for (const aPage of pages) {
  test.describe(aPage.name, { tag: '@script' }, () => {
    test.use({ signedInAs: aPage.as });
    test.beforeEach(({ complaints }) => aPage.status && complaints.expect(new RegExp(`status of ${aPage.status}`)));

    test(`Tab goes through ${aPage.name} in its order, and is always to be seen`, async ({ page, visit }) => {
      let seen;
      // What is new is drawn while one goes, and takes the place of what was: then once more.
      for (let turn = 0; turn < 3 && seen?.redrawn !== false; turn++) {
        await openPage(visit, page, aPage);
        await expect(page.locator('.skeleton')).toHaveCount(0);
        seen = await walk(page);
      }
      expect(seen.redrawn).toBe(false);
      expect(seen.faults).toEqual([]);
      expect(seen.met).toEqual(seen.due);
      expect(seen.met.length).toBeGreaterThan(0);
    });
  });
}

test('what hides, keeps or misleads the focus is found', { tag: '@script' }, async ({ page, visit }) => {
  const broken = async (breakIt) => {
    await visit('/settings/security');
    await breakIt();
    return walk(page, 5);
  };
  const styles = [
    [':focus-visible { outline: none; }', 'nothing marks it'],
    ['* { outline: 2px solid; }', 'looks the same with the focus and without'],
    ['.frame::after { content: ""; position: fixed; inset: 0; z-index: 9; }', 'points of it are in view'],
    ['.menu { overflow: hidden; } .menu-entry { outline-offset: 400px; }', 'cut off on all sides'],
  ];
  for (const [css, fault] of styles) {
    const { faults } = await broken(() => dress(page, css));
    expect(faults.join('\n'), css).toContain(fault);
  }
  const trap = () => addEventListener('keydown', (event) => event.key === 'Tab' && document.activeElement.closest('.menu') && event.preventDefault());
  expect((await broken(() => page.evaluate(trap))).faults.join('\n')).toContain('the focus stays there');
  const { met, due } = await broken(() => page.evaluate(() => (document.querySelector('main button').tabIndex = 1)));
  expect(met).not.toEqual(due);
});
