// Automation: a token is made, shown once, read with, and withdrawn; what the guide says works as it says.
import { expect, test } from './test.mjs';
import { projectOf, theWorld } from './world.mjs';

const PAGE = '/settings/credentials/automation';
const tokens = (page) => page.getByRole('region', { name: 'Tokens', exact: true });
const row = (page, name) => tokens(page).locator('tbody tr').filter({ hasText: name });

// One tenant for all of these: one after the other.
test.describe.configure({ mode: 'default' });
test.use({ signedInAs: async ({ whose }, use) => use(`adelia-${whose}`), fresh: true });

/** What a flow does: no browser, no cookie. */
const read = (token, provider) => fetch(`${theWorld().url}/api/v1/credentials/${provider}`, { headers: { authorization: `Bearer ${token}` } });

test('a token from nothing to the first read, and its end', async ({ page, visit, loading }) => {
  const { url, publishable_key: key } = projectOf('clinica-aurora');
  await visit('/settings/credentials');
  const supabase = page.getByRole('region', { name: 'Supabase' });
  await supabase.getByLabel('Endereço do projeto').fill(url);
  await supabase.getByLabel('Chave pública').fill(key);
  await supabase.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.getByRole('status')).toContainText('Supabase guardado e selado.');
  await page.getByRole('link', { name: 'Automação' }).click();
  await expect(page).toHaveURL(PAGE);
  await expect(tokens(page)).toContainText('Nenhum token ainda');

  const form = page.getByRole('region', { name: 'Criar token' });
  await form.getByLabel('Nome').fill('Robô de lembretes');
  await form.getByLabel('Supabase').check();
  await form.getByLabel('Vale por').selectOption('30 dias');
  await loading(() => form.getByRole('button', { name: 'Criar token' }).click());
  await expect(page.getByRole('status').filter({ hasText: 'Token criado.' })).toBeVisible();
  const token = await page.getByRole('region', { name: 'Token de Robô de lembretes' }).locator('pre').innerText();
  expect(token).toMatch(/^painel_[\w-]{43}$/);
  await expect(row(page, 'Robô de lembretes')).toContainText(token.slice(-4));
  await expect(row(page, 'Robô de lembretes').locator('.badge')).toHaveText('vale');
  await expect(row(page, 'Robô de lembretes')).toContainText('nunca');

  // The guide's own address, with the token as the guide says it.
  const address = await page.getByRole('region', { name: 'Usar no n8n' }).locator('pre').innerText();
  const answer = await fetch(address, { headers: { Authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect((await answer.json()).fields).toEqual({ project_url: url, api_key: key });
  expect((await read(token, 'whatsapp')).status).toBe(403);
  const described = await page.request.get(await page.getByRole('link', { name: 'a descrição em OpenAPI 3.1' }).getAttribute('href'));
  expect((await described.json()).openapi).toMatch(/^3\.1/);

  await visit(PAGE);
  expect(await page.content()).not.toContain(token);
  await expect(row(page, 'Robô de lembretes')).not.toContainText('nunca');
  await row(page, 'Robô de lembretes').getByText('Retirar…').click();
  await loading(() => page.getByRole('button', { name: 'Retirar Robô de lembretes' }).click());
  await expect(page.getByRole('status').filter({ hasText: 'Token retirado' })).toBeVisible();
  await expect(row(page, 'Robô de lembretes').locator('.badge')).toHaveText('retirado');
  expect((await read(token, 'supabase')).status).toBe(401);
});

test('a token for nothing is refused at its field', async ({ page, visit, loading }) => {
  await visit(PAGE);
  const form = page.getByRole('region', { name: 'Criar token' });
  await form.getByLabel('Nome').fill('Sem conexão');
  await loading(() => form.getByRole('button', { name: 'Criar token' }).click());
  await expect(page.getByRole('alert')).toContainText('Confira os campos marcados');
  await expect(form.locator('.field-error')).toHaveText('Marque ao menos uma conexão.');
  await expect(row(page, 'Sem conexão')).toHaveCount(0);
});

test.describe('a viewer', () => {
  test.use({ signedInAs: 'vera', fresh: false });

  test('has no such page', async ({ visit, complaints }) => {
    complaints.expect(/status of 403/);
    expect((await visit(PAGE)).status()).toBe(403);
  });
});
