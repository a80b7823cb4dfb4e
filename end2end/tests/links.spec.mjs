// Single-use links: an invitation from the team page to the first page of the newcomer, a spent one, a forgotten password.
import { expect, test } from './test.mjs';

const PASSWORD = 'sete canoas descem o rio devagar';

test.describe('an invitation', () => {
  test.describe.configure({ mode: 'serial' });
  test.use({ signedInAs: async ({ whose }, use) => use(`lidia-${whose}`) });
  test.beforeEach(({ complaints }) => complaints.expect(/status of (410|422)/));

  let address;

  test('is made, opened elsewhere and accepted', async ({ page, visit, loading, browser, baseURL, mode, whose }) => {
    const email = `iara-${whose}@convites.example`;
    await visit('/settings/team');
    await page.getByLabel('E-mail').fill(email);
    await loading(() => page.getByRole('button', { name: 'Criar convite' }).click());
    address = new URL(await page.getByLabel('Endereço para copiar e enviar').inputValue()).pathname;

    const context = await browser.newContext({
      baseURL,
      javaScriptEnabled: mode === 'wasm',
      storageState: { cookies: [], origins: [] }, // else it would begin with the admin's own
    });
    const theirs = await context.newPage();
    await theirs.goto(address);
    await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('Seu convite');
    await expect(theirs.getByText('Para Academia Convites, como leitura.')).toBeVisible();
    await expect(theirs.getByText(email)).toBeVisible();
    await expect(theirs.getByText(/15 caracteres ou mais/)).toBeVisible();
    await theirs.getByLabel('Seu nome').fill('Iara');
    await theirs.getByLabel('Crie uma senha').fill(PASSWORD);
    await theirs.getByRole('button', { name: 'Criar conta e entrar' }).click();
    await expect(theirs).toHaveURL('/');
    await expect(theirs.locator('.whose')).toHaveText(/Academia Convites\s*Iara · leitura/);
    await context.close();

    await visit('/settings/team');
    await expect(page.getByRole('row').filter({ hasText: email })).toContainText('Iara');
  });

  test('is good once', async ({ page, visit }) => {
    expect((await visit(address)).status()).toBe(410);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Este link não vale mais');
    await expect(page.getByText('peça um link novo a quem enviou este')).toBeVisible();
  });

  test('leaves a member whose role changes and who is sent away', async ({ page, visit, loading, whose }) => {
    await visit('/settings/team');
    const row = page.getByRole('row').filter({ hasText: `iara-${whose}@convites.example` });
    await row.getByLabel('Papel de Iara').selectOption('atendimento');
    await loading(() => row.getByRole('button', { name: 'Mudar o papel de Iara' }).click());
    await expect(page.getByRole('status')).toContainText('Papel mudado.');
    await expect(row.getByLabel('Papel de Iara')).toHaveValue('agent');

    await row.getByText('Senha e acesso…').click();
    await loading(() => row.getByRole('button', { name: 'Criar link de nova senha' }).click());
    await expect(page.getByLabel('Endereço para copiar e enviar')).toHaveValue(/\/reset\/\S{20,}$/);

    await row.getByText('Senha e acesso…').click();
    await loading(() => row.getByRole('button', { name: 'Retirar Iara' }).click());
    await expect(page.getByRole('status')).toContainText('Acesso retirado.');
    await expect(row).toHaveCount(0);
  });
});

test.describe('a forgotten password', () => {
  test.use({ signedInAs: null });

  // The server under test sends no mail.
  test('without mail the page says whom to ask, and leads back', async ({ page, visit }) => {
    await visit('/login');
    await page.getByRole('link', { name: 'Esqueci a senha' }).click();
    await expect(page).toHaveURL('/reset');
    await expect(page.getByText('Aqui os links não vão por e-mail.')).toBeVisible();
    await expect(page.getByLabel('E-mail')).toHaveCount(0);
    await page.getByRole('link', { name: 'Voltar para a entrada' }).click();
    await expect(page).toHaveURL('/login');
  });

  test('a link that is not good says so', async ({ page, visit, complaints }) => {
    complaints.expect(/status of 410/);
    expect((await visit('/reset/nada-que-valha')).status()).toBe(410);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Este link não vale mais');
  });

  test('the page after changing it says to sign in with the new one', async ({ page, visit }) => {
    await visit('/login?reset=1');
    await expect(page.getByRole('status')).toContainText('Senha trocada. Entre com a nova.');
  });
});
