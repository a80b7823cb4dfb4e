// Keys: what each does, that they do nothing while somebody types, and that they can be switched off.
import { expect, test } from './test.mjs';

const dialog = (page) => page.getByRole('dialog', { name: 'Teclas' });
const button = (page) => page.getByRole('button', { name: 'Teclas' });

test('without script nothing offers them', async ({ page, visit, mode }) => {
  test.skip(mode === 'wasm', 'about pages without script');
  await visit('/settings/team');
  await expect(button(page)).toHaveCount(0);
  await expect(page.locator('dialog')).toBeHidden();
});

test.describe('with script', { tag: '@script' }, () => {
  test('? opens the list of keys, which has the focus until it closes', async ({ page, visit }) => {
    await visit('/settings/team');
    await page.keyboard.press('?');
    await expect(dialog(page)).toBeVisible();
    await expect(dialog(page).getByRole('button', { name: 'Fechar' })).toBeFocused();
    for (const key of ['/', 'j', 'k', 'g', '?']) await expect(dialog(page).locator('kbd').filter({ hasText: key }).first()).toBeVisible();
    // The page behind it is out of reach, for keys too.
    await page.keyboard.press('j');
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement === document.body || !!document.activeElement.closest('dialog'))).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toBeHidden();
  });

  test('the entry beside "Sair" opens the same list and has the focus again', async ({ page, visit }) => {
    await visit('/settings/security');
    await button(page).click();
    await expect(dialog(page)).toBeVisible();
    await dialog(page).getByRole('button', { name: 'Fechar' }).click();
    await expect(dialog(page)).toBeHidden();
    await expect(button(page)).toBeFocused();
  });

  test('/ goes to the search, where letters are letters', async ({ page, visit }) => {
    await visit('/settings/audit');
    const field = page.getByLabel('Quem', { exact: true });
    await page.keyboard.press('/');
    await expect(field).toBeFocused();
    await page.keyboard.type('jkg?i/');
    await expect(field).toHaveValue('jkg?i/');
    await expect(dialog(page)).toBeHidden();
    await expect(page).toHaveURL('/settings/audit');
    // A page without a search stays as it is.
    await visit('/settings/team');
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  });

  test('j and k go from row to row and stop at the ends', async ({ page, visit }) => {
    await visit('/settings/audit');
    const rows = page.locator('main [data-row]');
    expect(await rows.count()).toBeGreaterThan(2);
    for (const [key, row] of [['j', 0], ['j', 1], ['j', 2], ['k', 1], ['k', 0], ['k', 0]]) {
      await page.keyboard.press(key);
      await expect(rows.nth(row), `${key} leads to row ${row}`).toBeFocused();
    }
    await page.keyboard.press('Control+j');
    await expect(rows.first()).toBeFocused();
  });

  test('g and a letter go to a page without loading it', async ({ page, visit }) => {
    await visit('/settings/team');
    await page.evaluate(() => (window.sameDocument = true));
    for (const [letter, path, name] of [['c', '/conversations', 'Conversas'], ['a', '/appointments', 'Agenda'], ['i', '/', 'Visão geral']]) {
      await page.keyboard.press('g');
      await page.keyboard.press(letter);
      await expect(page).toHaveURL(path);
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    }
    // The second letter alone is only a letter.
    await page.keyboard.press('c');
    await expect(page).toHaveURL('/');
    expect(await page.evaluate(() => window.sameDocument)).toBe(true);
  });

  test('they can be switched off, and on again', async ({ page, visit, loading }) => {
    await visit('/settings/team');
    await page.keyboard.press('?');
    await loading(() => dialog(page).getByRole('button', { name: 'Desligar as teclas' }).click());
    await expect(page).toHaveURL('/settings/team');
    for (const key of ['?', 'j', 'g', 'c']) await page.keyboard.press(key);
    await expect(dialog(page)).toBeHidden();
    await expect(page).toHaveURL('/settings/team');
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await button(page).click();
    await loading(() => dialog(page).getByRole('button', { name: 'Ligar as teclas' }).click());
    await page.keyboard.press('?');
    await expect(dialog(page)).toBeVisible();
  });

  test.describe('of the agency', () => {
    test.use({ signedInAs: 'samuel' });

    test('a row’s link has the focus, and Enter follows it', async ({ page, visit }) => {
      await visit('/console');
      await page.keyboard.press('j');
      const first = page.locator('main [data-row] a').first();
      await expect(first).toBeFocused();
      const path = await first.getAttribute('href');
      await page.keyboard.press('Enter');
      await expect(page).toHaveURL(path);
    });

    test('who may not open a page is not led there', async ({ page, visit }) => {
      await visit('/console');
      await page.keyboard.press('g');
      await page.keyboard.press('c');
      await expect(page).toHaveURL('/console');
    });
  });
});
