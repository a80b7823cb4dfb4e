// One's own account: the password, the second factor from off to on and off again, sessions and the way out of all.
import { people } from '../people.mjs';
import { signIn } from './sign-in.mjs';
import { expect, test } from './test.mjs';
import { codeOf } from './totp.mjs';

const NEW_PASSWORD = 'uma rede azul entre dois coqueiros';
const region = (page, name) => page.getByRole('region', { name });

// One account for all of these: one after the other, each standing on what the one before did.
test.describe.configure({ mode: 'serial' });
test.use({ signedInAs: null });
test.beforeEach(({ complaints }) => complaints.expect(/status of (401|422)/));

const password = {};
const secret = {};
const me = (whose) => ({ ...people[`davi-${whose}`], password: password[whose] ?? people[`davi-${whose}`].password });

test('a new password must be long and takes the current one', async ({ page, visit, loading, whose }) => {
  await signIn({ page, visit, loading }, me(whose));
  await visit('/settings/security');
  const card = region(page, 'Senha');
  const change = async (current, next) => {
    await card.getByLabel('Senha atual').fill(current);
    await card.getByLabel('Senha nova').fill(next);
    await loading(() => card.getByRole('button', { name: 'Trocar a senha' }).click());
  };
  await expect(card.getByLabel('Senha nova')).toHaveAttribute('minlength', '15');
  await change('errada-errada-errada', NEW_PASSWORD);
  await expect(card.getByLabel('Senha atual')).toHaveAttribute('aria-invalid', 'true');
  expect(page.url()).not.toContain('errada-errada');
  await page.waitForTimeout(1_100); // what a wrong password costs
  await change(me(whose).password, NEW_PASSWORD);
  password[whose] = NEW_PASSWORD;
  await expect(page.getByRole('status')).toContainText('Senha trocada.');
  await expect(card.locator('[aria-invalid]')).toHaveCount(0);
});

test('the second factor is set up with a code from the phone', async ({ page, visit, loading, whose }) => {
  await signIn({ page, visit, loading }, me(whose));
  await visit('/settings/security');
  const card = region(page, 'Verificação em duas etapas');
  await expect(card.locator('.badge')).toHaveText('desativada');
  await card.getByLabel('Sua senha').fill(me(whose).password);
  await loading(() => card.getByRole('button', { name: 'Começar' }).click());

  await expect(card.getByRole('img', { name: /Código QR/ })).toBeVisible();
  await expect(card.getByRole('list', { name: 'Códigos de recuperação' }).getByRole('listitem')).toHaveCount(10);
  const ground = await card.locator('.qr rect').evaluate((rect) => getComputedStyle(rect).fill);
  expect(ground).toBe('rgb(255, 255, 255)');
  secret[whose] = {
    key: await card.locator('.secret').textContent(),
    recovery: await card.locator('.recovery li').allTextContents(),
  };

  await card.getByLabel('Código de 6 números').fill('000000');
  await loading(() => card.getByRole('button', { name: 'Ativar' }).click());
  await expect(card.getByLabel('Código de 6 números')).toHaveAttribute('aria-invalid', 'true');
  await card.getByLabel('Código de 6 números').fill(codeOf(secret[whose].key));
  await loading(() => card.getByRole('button', { name: 'Ativar' }).click());
  await expect(card.locator('.badge')).toHaveText('ativa');
  await expect(card).toContainText('Restam 10 códigos de recuperação.');
  expect(await page.content()).not.toContain(secret[whose].recovery[0]);
});

test('then signing in asks for a code, and takes a recovery code once', async ({ page, visit, loading, whose }) => {
  const [code] = secret[whose].recovery;
  await signIn({ page, visit, loading }, me(whose));
  await expect(page).toHaveURL('/login/code');
  await expect(page.getByLabel('Código de 6 números')).toHaveAttribute('inputmode', 'numeric');
  await expect(page.getByLabel('Código de 6 números')).toHaveAttribute('autocomplete', 'one-time-code');
  await loading(() => page.getByRole('link', { name: 'Usar um código de recuperação' }).click());
  const enter = async () => {
    await page.getByLabel('Código de recuperação').fill(code);
    await loading(() => page.getByRole('button', { name: 'Entrar' }).click());
  };
  await enter();
  await expect(page).toHaveURL('/');

  await loading(() => page.getByRole('button', { name: 'Sair' }).click());
  await signIn({ page, visit, loading }, me(whose));
  await loading(() => page.getByRole('link', { name: 'Usar um código de recuperação' }).click());
  await enter();
  await expect(page.getByRole('alert')).toContainText('Código recusado');
});

test('another session is ended, then all of them', async ({ page, visit, loading, whose, browser, baseURL }) => {
  const enter = async (page, visit, loading, index) => {
    await signIn({ page, visit, loading }, me(whose));
    await loading(() => page.getByRole('link', { name: 'Usar um código de recuperação' }).click());
    await page.getByLabel('Código de recuperação').fill(secret[whose].recovery[index]);
    await loading(() => page.getByRole('button', { name: 'Entrar' }).click());
  };
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const other = await context.newPage();
  const wait = async (act) => {
    const loaded = other.waitForEvent('load');
    await act();
    await loaded;
  };
  await enter(other, (path) => other.goto(path), wait, 1);
  await enter(page, visit, loading, 2);

  await visit('/settings/security');
  const list = region(page, 'Onde você está conectado');
  await expect(list.getByText('esta sessão')).toHaveCount(1);
  const others = list.getByRole('button', { name: /^Encerrar/ });
  for (let left = await others.count(); left > 0; left--) {
    await loading(() => others.first().click());
    await expect(page.getByRole('status')).toContainText('Sessão encerrada.');
    await expect(others).toHaveCount(left - 1);
  }
  await other.goto('/');
  await expect(other).toHaveURL(/\/login/);
  await context.close();

  await list.getByText('Sair de todos os aparelhos…').click();
  await loading(() => list.getByRole('button', { name: 'Sair de todos os aparelhos' }).click());
  await expect(page).toHaveURL('/login?done=everywhere');
  await expect(page.getByRole('status')).toContainText('Você saiu de todos os aparelhos.');
});

test('the second factor is switched off with the password', async ({ page, visit, loading, whose }) => {
  await signIn({ page, visit, loading }, me(whose));
  await page.getByLabel('Código de 6 números').fill(codeOf(secret[whose].key, 1));
  await loading(() => page.getByRole('button', { name: 'Entrar' }).click());
  await visit('/settings/security');
  const card = region(page, 'Verificação em duas etapas');
  await expect(card.getByRole('button', { name: 'Desativar mesmo assim' })).toBeHidden();
  await card.getByText('Desativar…').click();
  await card.getByLabel('Sua senha').fill(me(whose).password);
  await loading(() => card.getByRole('button', { name: 'Desativar mesmo assim' }).click());
  await expect(card.locator('.badge')).toHaveText('desativada');
});
