// Filters that somebody keeps for themselves, with script and without.
import { expect, test } from './test.mjs';

const form = (page) => page.getByRole('search', { name: 'Procurar conversas' });
const chips = (page) => page.getByRole('navigation', { name: 'Filtros guardados' }).getByRole('link');
const keep = async (page, loading, name) => {
  const details = page.locator('details.keep');
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  await page.getByLabel('Guardar este filtro como').fill(name);
  await loading(() => details.getByRole('button', { name: 'Guardar' }).click());
};

test.describe('somebody', () => {
  test.use({ signedInAs: async ({ whose }, use) => use(`flora-${whose}`) });

  // One test, because they build on each other.
  test('a filter is kept, used, refused a second time and removed', async ({ page, visit, loading }) => {
    await visit('/conversations');
    await expect(page.locator('details.keep')).toHaveCount(0);
    await form(page).getByText('Filtros').click();
    await form(page).getByLabel('Estado').selectOption('robô');
    await form(page).getByRole('button', { name: 'Procurar' }).click();
    await expect(page).toHaveURL(/status=bot/);
    await keep(page, loading, '  Com o robô ');
    await expect(page.getByRole('status').filter({ hasText: 'Filtro guardado.' })).toBeVisible();
    await expect(chips(page)).toHaveText(['Com o robô']);
    await expect(chips(page).first()).toHaveAttribute('aria-current', 'true');
    await expect(page.locator('details.keep')).toHaveCount(0);

    await visit('/conversations?status=human');
    await expect(chips(page).first()).not.toHaveAttribute('aria-current', 'true');
    await keep(page, loading, 'COM O ROBÔ');
    await expect(page.locator('details.keep')).toContainText('Você já tem um filtro com este nome.');
    await expect(form(page)).toBeVisible();
    await keep(page, loading, 'Com gente');
    await expect(chips(page)).toHaveText(['Com gente', 'Com o robô']);

    await chips(page).last().click();
    await expect(page).toHaveURL('/conversations?status=bot');
    await expect(chips(page).last()).toHaveAttribute('aria-current', 'true');
    await expect.poll(async () => [...new Set(await page.locator('.talks .badge').allTextContents())]).toEqual(['robô']);

    for (const name of ['Com gente', 'Com o robô']) {
      await page.getByText('Remover um filtro…').click();
      await loading(() => page.getByRole('button', { name: `Remover ${name}` }).click());
      await expect(page.getByRole('status').filter({ hasText: 'Filtro removido.' })).toBeVisible();
    }
    await expect(chips(page)).toHaveCount(0);
  });
});

test('somebody else sees none of them', async ({ page, visit }) => {
  await visit('/conversations?status=bot');
  await expect(chips(page)).toHaveCount(0);
  await expect(page.locator('details.keep')).toHaveCount(1);
});
