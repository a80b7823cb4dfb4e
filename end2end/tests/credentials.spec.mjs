// Connections: a refused field, a saved secret that never comes back, a blank one that keeps it, removing, a conflict,
// keys that are refused, and a project that shows at once.
import { expect, test } from './test.mjs';
import { projectOf } from './world.mjs';

const TOKEN = 'EAAJB1yT2bZCoBO0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ';
const PHONE = '+55 11 98765-4321';
const card = (page, name) => page.getByRole('region', { name });
const save = (card) => card.getByRole('button', { name: 'Guardar' }).click();

// One tenant for all of these: one after the other.
test.describe.configure({ mode: 'default' });
test.use({ signedInAs: async ({ whose }, use) => use(`caio-${whose}`), fresh: true });
test.beforeEach(({ complaints }) => complaints.expect(/status of (409|422)/)); // how Chromium reports a refused form

test('there is a card for each of the six providers, with nothing stored', async ({ page, visit }) => {
  await visit('/settings/credentials');
  const names = ['Supabase', 'WhatsApp Business', 'Evolution API', 'Google Agenda', 'Google Meet', 'n8n'];
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(names);
  for (const name of ['Supabase', 'Google Meet']) await expect(card(page, name).locator('.card-head .badge')).toHaveText('não guardado');
  for (const input of await page.locator('input[type=password]').all()) {
    await expect(input).toHaveValue('');
    await expect(input).toHaveAttribute('autocomplete', 'new-password');
  }
});

// One after the other on one card: each step stands on what the one before stored.
test('the life of a credential', async ({ page, visit, mode }) => {
  await visit('/settings/credentials');
  const whatsapp = card(page, 'WhatsApp Business');
  const field = (label) => whatsapp.getByLabel(label);
  const badge = whatsapp.locator('.card-head .badge');

  await test.step('a refused field says so, at the field', async () => {
    await field('ID do número').fill(PHONE);
    await field('Token de acesso').fill(TOKEN);
    await save(whatsapp);
    await expect(page.getByRole('alert')).toContainText('Confira os campos marcados');
    await expect(field('ID do número')).toHaveAttribute('aria-invalid', 'true');
    await expect(field('ID do número')).toHaveAccessibleDescription(/Isto é um telefone\. O ID dele é outro número/);
    await expect(field('Token de acesso')).not.toHaveAttribute('aria-invalid', 'true');
    await expect(card(page, 'Evolution API').locator('.field-error')).toHaveCount(0);
    await expect(badge).toHaveText('não guardado');
    if (mode === 'wasm') {
      await expect(field('ID do número')).toHaveValue(PHONE);
      await expect(field('Token de acesso')).toHaveValue(TOKEN);
    } else {
      expect(await page.content()).not.toContain(TOKEN);
    }
    expect(page.url()).not.toContain(TOKEN);
  });

  await test.step('right, it is sealed, and only its end comes back', async () => {
    await field('ID do número').fill('106540352242922');
    await field('Token de acesso').fill(TOKEN);
    await save(whatsapp);
    await expect(page.getByRole('status')).toContainText('WhatsApp Business guardado e selado.');
    await expect(badge).toHaveText('não verificado');
    await expect(whatsapp.locator('.card-saved')).toHaveText(/guardado agora, por Caio/);
    await expect(field('ID do número')).toHaveValue('106540352242922');
    await expect(field('ID do número')).not.toHaveAttribute('aria-invalid', 'true');
    await expect(field('Token de acesso')).toHaveValue('');
    await expect(field('Token de acesso')).toHaveAttribute('placeholder', 'guardado · termina em GHIJ');
    expect(await page.content()).not.toContain(TOKEN.slice(0, -4));
    const { body } = await page.evaluate(() => ({ body: [...document.querySelectorAll('input')].map((input) => input.value).join('\n') }));
    expect(body).not.toContain(TOKEN);
  });

  await test.step('a blank secret keeps what is stored', async () => {
    await field('ID do número').fill('106540352242923');
    // The page still says so of the save before.
    const saved = page.waitForResponse(/\/api\/credentials\/save/);
    await save(whatsapp);
    await saved;
    await expect(page.getByRole('status')).toContainText('WhatsApp Business guardado e selado.');
    await visit('/settings/credentials');
    await expect(field('ID do número')).toHaveValue('106540352242923');
    await expect(field('Token de acesso')).toHaveAttribute('placeholder', 'guardado · termina em GHIJ');
  });

  await test.step('removing asks once more and then forgets', async () => {
    const sure = whatsapp.getByRole('button', { name: 'Remover mesmo assim' });
    await expect(sure).toBeHidden();
    await whatsapp.getByText('Remover WhatsApp Business…').click();
    await sure.click();
    await expect(page.getByRole('status')).toContainText('WhatsApp Business removido.');
    await expect(badge).toHaveText('não guardado');
    await expect(field('ID do número')).toHaveValue('');
    await expect(whatsapp.getByText('Remover WhatsApp Business…')).toHaveCount(0);
  });
});

test('who saves over somebody else’s change is told, and nothing is lost', async ({ page, visit, context, mode }) => {
  await visit('/settings/credentials');
  const meet = card(page, 'Google Meet');
  const fill = async (card, id) => {
    await card.getByLabel('Client ID').fill(`${id}-abcdefghijklmnop.apps.googleusercontent.com`);
    await card.getByLabel('Client secret').fill('GOCSPX-abcdefghijklmnopqrstuvwxyz12');
  };
  const other = await context.newPage();
  await other.goto('/settings/credentials');
  if (mode === 'wasm') await expect(other.locator('html')).toHaveAttribute('data-hydrated', '');
  await fill(card(other, 'Google Meet'), '123456789012');
  await save(card(other, 'Google Meet'));
  await expect(other.getByRole('status')).toContainText('Google Meet guardado e selado.');

  await fill(meet, '210987654321');
  await save(meet);
  await expect(page.getByRole('alert')).toContainText('Outra pessoa guardou antes');
  await visit('/settings/credentials');
  await expect(meet.getByLabel('Client ID')).toHaveValue(/^123456789012-/);
});

test('keys that open everything are refused, with the advice to change them', async ({ page, visit }) => {
  const { url, service_role_key: serviceRole, secret_key: secret } = projectOf('clinica-aurora');
  for (const [key, words] of [[serviceRole, /service_role.*Nada foi guardado\. Troque-a agora/], [secret, /sb_secret.*Nada foi guardado\. Troque-a agora/]]) {
    await visit('/settings/credentials');
    const supabase = card(page, 'Supabase');
    await supabase.getByLabel('Endereço do projeto').fill(url);
    await supabase.getByLabel('Chave pública').fill(key);
    await save(supabase);
    await expect(supabase.getByLabel('Chave pública')).toHaveAccessibleDescription(words);
    await expect(supabase.locator('.card-head .badge')).toHaveText('não guardado');
    expect(page.url()).not.toContain(key);
  }
});

test('an address that points inside is refused at its field', async ({ page, visit }) => {
  for (const address of ['https://127.0.0.1:1', 'https://169.254.169.254/latest', 'http://painel.example', 'https://localhost']) {
    await visit('/settings/credentials');
    const supabase = card(page, 'Supabase');
    await supabase.getByLabel('Endereço do projeto').fill(address);
    await supabase.getByLabel('Chave pública').fill(projectOf('clinica-aurora').publishable_key);
    await save(supabase);
    await expect(supabase.getByLabel('Endereço do projeto')).toHaveAttribute('aria-invalid', 'true');
    await expect(supabase.locator('.field-error')).toHaveCount(1);
  }
});

test.describe('a tenant that connects its project', () => {
  test.use({ signedInAs: async ({ whose }, use) => use(`ligia-${whose}`), fresh: true });

  test('sees it at once', async ({ page, visit }) => {
    const { url, publishable_key: key } = projectOf('clinica-aurora');
    await visit('/');
    await page.getByRole('link', { name: 'Ligar o projeto' }).click();
    const supabase = card(page, 'Supabase');
    await supabase.getByLabel('Endereço do projeto').fill(url);
    await supabase.getByLabel('Chave pública').fill(key);
    await save(supabase);
    await expect(page.getByRole('status')).toContainText('Supabase guardado e selado.');

    const menu = page.getByRole('navigation', { name: 'Páginas' });
    await menu.getByRole('link', { name: 'Visão geral' }).click();
    await expect(page.locator('.figure .figure-now').first()).toHaveText(/\d/);
    await expect(page.locator('rect.bar')).toHaveCount(7);
    await menu.getByRole('link', { name: 'Conversas' }).click();
    await expect(page.locator('.talks > li')).toHaveCount(50);
  });
});

test.describe('with script', { tag: '@script' }, () => {
  test('saving one card leaves what is being typed in another', async ({ page, visit }) => {
    await visit('/settings/credentials');
    const [n8n, evolution] = [card(page, 'n8n'), card(page, 'Evolution API')];
    await evolution.getByLabel('Instância', { exact: true }).fill('ainda-digitando');
    await n8n.getByLabel('URL do webhook').fill('https://n8n.floricultura.example/webhook/0123456789abcdef');
    await save(n8n);
    await expect(page.getByRole('status')).toContainText('n8n guardado e selado.');
    await expect(n8n.locator('.card-head .badge')).toHaveText('não verificado');
    await expect(evolution.getByLabel('Instância', { exact: true })).toHaveValue('ainda-digitando');
  });
});
