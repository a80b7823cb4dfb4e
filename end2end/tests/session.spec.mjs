// Signing in and out, what each role sees, and the colours a person chose.
import { people } from '../people.mjs';
import { expect, test } from './test.mjs';

const { ana, bruno, saulo } = people;

test.describe('signing in', () => {
  test.use({ signedInAs: null });

  test.beforeEach(({ complaints }) => complaints.expect(/status of (401|403)/)); // how Chromium reports a refusal

  async function fill(page, email, password) {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Senha').fill(password);
    await page.getByRole('button', { name: 'Entrar' }).click();
  }

  test('leads to the overview of the own tenant, and out again', async ({ page, visit, loading }) => {
    await visit('/');
    await expect(page).toHaveURL('/login');
    await loading(() => fill(page, bruno.email, bruno.password));
    await expect(page).toHaveURL('/');
    await expect(page).toHaveTitle('Visão geral · Painel');
    await expect(page.locator('.whose')).toHaveText(/Barbearia Navalha\s*Bruno · admin/);

    await loading(() => page.getByRole('button', { name: 'Sair' }).click());
    await expect(page).toHaveURL('/login');
    await visit('/');
    await expect(page).toHaveURL('/login');
  });

  test('tells a wrong password and an unknown user in the same words', async ({ page, visit, whose }) => {
    // Wrong passwords make an account wait: nobody else signs in as Erica.
    const { email: known, password: right } = people[`erica-${whose}`];
    for (const [email, password] of [[known, 'errada-errada-errada'], [`ninguem@engano-${whose}.example`, right]]) {
      await visit('/login');
      await fill(page, email, password);
      const alert = page.getByRole('alert');
      await expect(alert).toContainText('E-mail ou senha incorretos');
      await expect(alert).toContainText('Verifique o e-mail e a senha e tente outra vez.');
      await expect(page).toHaveURL(/\/login/);
      await expect(page.getByLabel('Senha')).toHaveValue('');
    }
  });

  test('goes on to the page that was asked for', async ({ page, visit, loading }) => {
    await visit('/appointments?date=2026-01-05');
    await expect(page).toHaveURL('/login?next=%2Fappointments%3Fdate%3D2026-01-05');
    await loading(() => fill(page, ana.email, ana.password));
    await expect(page).toHaveURL('/appointments?date=2026-01-05');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Agenda');
  });

  test('never leads to another site', async ({ page, visit, loading }) => {
    await visit('/login?next=https%3A%2F%2Fevil.example%2F');
    await loading(() => fill(page, ana.email, ana.password));
    await expect(page).toHaveURL('/');
  });

  test('refuses a suspended tenant with the reason', async ({ page, visit }) => {
    await visit('/login');
    await fill(page, saulo.email, saulo.password);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('Acesso suspenso');
    await expect(alert).toContainText(saulo.suspended);
    await expect(page).toHaveURL(/\/login/);
  });

  test('a wrong password never stands in the address', async ({ page, visit, whose }) => {
    await visit('/login');
    await fill(page, `alguem@engano-${whose}.example`, 'segredo-na-barra-de-endereco');
    await expect(page.getByRole('alert')).toBeVisible();
    expect(page.url()).not.toContain('segredo-na-barra');
  });
});

test('somebody who is signed in has no business on the sign-in page', async ({ page, visit }) => {
  await visit('/login');
  await expect(page).toHaveURL('/');
});

test.describe('a viewer', () => {
  test.use({ signedInAs: 'vera' });

  test('reads everything but connections', async ({ page, visit, complaints }) => {
    complaints.expect(/status of 403/);
    await visit('/');
    await expect(page.locator('.whose')).toContainText('Vera · leitura');
    await expect(page.locator('.figure-now').nth(3)).toBeVisible();
    // Files are for those who may take them away.
    await expect(page.getByRole('link', { name: /Baixar/ })).toHaveCount(0);
    const menu = page.getByRole('navigation', { name: 'Páginas' });
    await expect(menu.getByRole('link')).toHaveCount(3);
    await expect(menu.getByRole('link', { name: 'Conexões' })).toHaveCount(0);

    const response = await visit('/settings/credentials');
    expect(response.status()).toBe(403);
    await expect(page.getByRole('alert')).toContainText('Seu papel não permite isto');
    await expect(page.locator('form.credential, .credential')).toHaveCount(0);
  });
});

test.describe('colours', () => {
  test('are chosen on any page and stand in the very first bytes of the next', async ({ page, visit, loading }) => {
    await visit('/appointments?date=2026-01-05');
    const colour = () => page.locator('body').evaluate((body) => getComputedStyle(body.parentElement).backgroundColor);
    const light = await colour();
    for (const [label, word] of [['Escuro', 'dark'], ['Claro', 'light'], ['Auto', 'system']]) {
      await loading(() => page.getByRole('button', { name: label }).click());
      await expect(page).toHaveURL('/appointments?date=2026-01-05');
      await expect(page.locator('html')).toHaveAttribute('data-theme', word);
      await expect(page.getByRole('button', { name: label })).toHaveAttribute('aria-pressed', 'true');
      expect((await colour()) === light).toBe(word !== 'dark');
      const html = await (await page.request.get('/conversations')).text();
      expect(html).toContain(`data-theme="${word}"`);
    }
  });

  test('follow the device until somebody chooses', async ({ page, visit }) => {
    const colour = () => page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    await visit('/');
    const light = await colour();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await colour()).not.toBe(light);
  });
});

test('the skip link leads past the menu', async ({ page, visit }) => {
  await visit('/conversations');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Ir para o conteúdo' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('main :is(a, input)').first()).toBeFocused();
});

test.describe('with script', { tag: '@script' }, () => {
  test('the menu changes the page without loading it, and says where one is', async ({ page, visit }) => {
    await visit('/');
    await page.evaluate(() => (window.sameDocument = true));
    const menu = page.getByRole('navigation', { name: 'Páginas' });
    for (const [name, path] of [['Conversas', '/conversations'], ['Agenda', '/appointments'], ['Conexões', '/settings/credentials'], ['Visão geral', '/']]) {
      await menu.getByRole('link', { name }).click();
      await expect(page).toHaveURL(path);
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
      await expect(menu.locator('[aria-current="page"]')).toHaveText(new RegExp(name));
    }
    expect(await page.evaluate(() => window.sameDocument)).toBe(true);
  });
});
