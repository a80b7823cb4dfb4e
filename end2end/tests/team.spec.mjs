// A tenant's people: inviting, withdrawing, roles, sending away; and who does not see any of it. And the menu on a phone.
import { expect, test } from './test.mjs';

const region = (page, name) => page.getByRole('region', { name });
const row = (page, text) => page.getByRole('row').filter({ hasText: text });

test.describe('an admin', () => {
  test.describe.configure({ mode: 'serial' });
  test.use({ signedInAs: async ({ whose }, use) => use(`tessa-${whose}`) });
  test.beforeEach(({ complaints }) => complaints.expect(/status of (403|422)/));

  test('sees oneself, whose role is not one’s own to change', async ({ page, visit }) => {
    await visit('/settings/team');
    const own = row(page, 'Tessa');
    await expect(own).toContainText('você');
    await expect(own.getByRole('button')).toHaveCount(0);
    await expect(region(page, 'Convites em aberto')).toContainText('Nenhum convite em aberto');
  });

  test('invites by keyboard alone, sees the link once, and withdraws it', async ({ page, visit, loading }) => {
    await visit('/settings/team');
    await page.getByLabel('E-mail').focus();
    await page.keyboard.type('caua@equipe.example');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('radio', { name: /^leitura/ })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('radio', { name: /^atendimento/ })).toBeChecked();
    await page.keyboard.press('Tab');
    await loading(() => page.keyboard.press('Enter'));

    await expect(page.getByRole('status').first()).toContainText('Convite criado.');
    await expect(page.getByLabel('Endereço para copiar e enviar')).toHaveValue(/\/invite\/\S{20,}$/);
    await expect(row(page, 'caua@equipe.example')).toContainText('atendimento');

    await visit('/settings/team');
    await expect(page.getByLabel('Endereço para copiar e enviar')).toHaveCount(0);
    await loading(() => row(page, 'caua@equipe.example').getByRole('button', { name: 'Cancelar o convite de caua@equipe.example' }).click());
    await expect(page.getByRole('status')).toContainText('Convite cancelado');
    await expect(row(page, 'caua@equipe.example')).toHaveCount(0);
  });

  test('cannot invite a member again', async ({ page, visit, loading, whose }) => {
    await visit('/settings/team');
    await page.getByLabel('E-mail').fill(`tessa@equipe-${whose}.example`);
    await loading(() => page.getByRole('button', { name: 'Criar convite' }).click());
    await expect(page.getByRole('alert')).toContainText('Confira os campos marcados');
    await expect(page.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true');
  });

  test('cannot demand a second factor without having one', async ({ page, visit, loading }) => {
    await visit('/settings/team');
    await loading(() => page.getByRole('button', { name: 'Passar a exigir' }).click());
    const rule = region(page, 'Verificação em duas etapas');
    await expect(rule.locator('.field-error')).toBeVisible();
    await expect(rule.getByRole('button', { name: 'Passar a exigir' })).toBeVisible();
  });
});

test.describe('a viewer', () => {
  test.use({ signedInAs: 'vera' });

  test('has no team page, but an account of one’s own', async ({ page, visit, complaints }) => {
    complaints.expect(/status of 403/);
    expect((await visit('/settings/team')).status()).toBe(403);
    await expect(page.getByRole('table')).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Segurança' })).toBeVisible();
    expect((await visit('/settings/security')).status()).toBe(200);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 640 } });

  test('the bar holds five, the rest opens by keyboard above it, and nothing else stands before the page', async ({ page, visit }) => {
    await visit('/settings/team');
    const menu = page.getByRole('navigation', { name: 'Páginas' });
    await expect(menu.locator('> a:visible, > details > summary:visible')).toHaveCount(5);
    await expect(page.getByRole('button', { name: 'Sair' })).toHaveCount(0);

    const more = menu.locator('summary');
    await more.focus();
    await page.keyboard.press('Enter');
    for (const name of ['Equipe', 'Auditoria', 'Segurança']) await expect(menu.getByRole('link', { name })).toBeInViewport({ ratio: 1 });
    await expect(menu.getByRole('button', { name: 'Sair' })).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Tab');
    await expect(menu.getByRole('link', { name: 'Equipe' })).toBeFocused();
  });

  test('the rest closes by itself once it was left', { tag: '@script' }, async ({ page, visit }) => {
    await visit('/');
    const more = page.locator('details.more');
    await more.locator('summary').click();
    await page.keyboard.press('Escape');
    await expect(more).not.toHaveAttribute('open');
    await more.locator('summary').click();
    await more.getByRole('link', { name: 'Equipe' }).click();
    await expect(page).toHaveURL('/settings/team');
    await expect(more).not.toHaveAttribute('open');
  });
});
