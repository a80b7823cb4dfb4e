// The agency's console: a new client from nothing to its first dashboard, searching the fleet, changing, suspending and
// entering a client, the agency's own people, and who of them may what.
import { people } from '../people.mjs';
import { APPLICATION, expect, test } from './test.mjs';
import { projectOf, sessionOf } from './world.mjs';

/** A new client's first dashboard stands within this many seconds. */
const LIMIT = 120;
const PASSWORD = 'lagoa-bambu-sereno-navio-2026';
const fresh = (page) => page.getByLabel('Endereço para copiar e enviar');
const row = (page, name) => page.locator('.fleet tbody tr').filter({ has: page.getByRole('link', { name, exact: true }) });

// One person of the agency for all of these, and a fresh link shows once: one after the other.
test.describe.configure({ mode: 'default' });
test.use({ signedInAs: async ({ whose }, use) => use(`otavia-${whose}`) });

/** A window of somebody else: their page, and waiting for the application in it. */
async function windowOf(browser, { baseURL, mode, storageState = { cookies: [], origins: [] } }) {
  const context = await browser.newContext({ baseURL, javaScriptEnabled: mode === 'wasm', storageState });
  const page = await context.newPage();
  const ready = async () => {
    if (mode === 'wasm' && (await page.locator(APPLICATION).count())) await expect(page.locator('html')).toHaveAttribute('data-hydrated', '');
  };
  const visit = async (path) => {
    const response = await page.goto(path);
    await ready();
    return response;
  };
  return { page, visit, ready, close: () => context.close() };
}

test('the agency brings a new client from nothing to its first dashboard', async ({ page, visit, browser, baseURL, mode, whose }) => {
  test.setTimeout((LIMIT + 30) * 1000); // the figure below is what decides
  const slug = `atelie-jornada-${whose}`;
  const began = performance.now();

  await test.step('the agency makes the client and its first admin in one form', async () => {
    await visit('/console');
    await page.getByRole('link', { name: 'Novo cliente' }).click();
    await page.getByLabel('Nome', { exact: true }).fill(`Ateliê Jornada ${whose}`);
    await page.getByLabel('Plano').fill('completo');
    await page.getByLabel('E-mail do primeiro admin').fill(`marina@${slug}.example`);
    await page.getByRole('button', { name: 'Criar cliente' }).click();
    await expect(page).toHaveURL(`/console/tenants/${slug}?done=created`);
    await expect(page.getByText('Cliente criado.')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Os próximos passos' }).getByRole('listitem')).toHaveCount(3);
  });
  const invitation = new URL(await fresh(page).inputValue()).pathname;

  const admin = await windowOf(browser, { baseURL, mode });
  await test.step('the admin sets a password and is in', async () => {
    await admin.visit(invitation);
    await admin.page.getByLabel('Seu nome').fill('Marina');
    await admin.page.getByLabel('Crie uma senha').fill(PASSWORD);
    const loaded = admin.page.waitForEvent('load');
    await admin.page.getByRole('button', { name: 'Criar conta e entrar' }).click();
    await loaded;
    await admin.ready();
    await expect(admin.page).toHaveURL('/');
    await expect(admin.page.locator('.whose')).toContainText('Ateliê Jornada');
  });

  await test.step('connects the project and sees the dashboard', async () => {
    const { url, publishable_key: key } = projectOf('clinica-aurora');
    await admin.page.getByRole('link', { name: 'Ligar o projeto' }).click();
    const supabase = admin.page.getByRole('region', { name: 'Supabase' });
    await supabase.getByLabel('Endereço do projeto').fill(url);
    await supabase.getByLabel('Chave pública').fill(key);
    await supabase.getByRole('button', { name: 'Guardar' }).click();
    await expect(admin.page.getByRole('status')).toContainText('Supabase guardado e selado.');
    await admin.page.getByRole('navigation', { name: 'Páginas' }).getByRole('link', { name: 'Visão geral' }).click();
    await expect(admin.page.locator('.figure .figure-now').first()).toHaveText(/\d/);
    await expect(admin.page.locator('rect.bar')).toHaveCount(7);
  });

  const seconds = (performance.now() - began) / 1000;
  console.log(`a new client's first dashboard (${whose}): ${seconds.toFixed(1)} s of ${LIMIT} s`);
  expect(seconds).toBeLessThan(LIMIT);

  await test.step('the link is good once and was shown once', async () => {
    await admin.visit(invitation);
    await expect(admin.page.getByRole('heading', { level: 1 })).toHaveText('Este link não vale mais');
    await admin.close();
    await visit(`/console/tenants/${slug}`);
    await expect(fresh(page)).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Os próximos passos' })).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Pessoas' })).toContainText(`marina@${slug}.example`);
  });

  await test.step('the fleet shows it with its project', async () => {
    await visit(`/console?search=${slug}`);
    await expect(row(page, `Ateliê Jornada ${whose}`)).toHaveCount(1);
    await expect(row(page, `Ateliê Jornada ${whose}`).locator('.mark').first()).not.toHaveAttribute('title', 'Supabase: não guardado');
  });
});

test('a client is found by part of its name and by its state', async ({ page, visit, loading }) => {
  await visit('/console');
  const search = async (words, state) => {
    await page.getByLabel('Procurar', { exact: true }).fill(words);
    await page.getByLabel('Estado').selectOption({ label: state });
    await loading(() => page.getByRole('button', { name: 'Procurar' }).click());
  };
  await search('Aurora', 'Todos');
  await expect(page).toHaveURL('/console?search=Aurora&state=');
  await expect(row(page, 'Clínica Aurora')).toHaveCount(1);
  await expect(row(page, 'Barbearia Navalha')).toHaveCount(0);
  await expect(page.getByLabel('Procurar', { exact: true })).toHaveValue('Aurora');

  await search('suspensa', 'Suspensos');
  await expect(row(page, 'Padaria Suspensa').locator('.badge')).toHaveText('suspenso');
  await search('Aurora', 'Suspensos');
  await expect(page.getByText('Nenhum cliente encontrado')).toBeVisible();
  await page.getByRole('link', { name: 'Ver todos' }).click();
  await expect(page).toHaveURL('/console');
  await expect(page.locator('.figure-now').first()).toHaveText(/^\d+$/);
});

test('every provider is a mark with its word', async ({ page, visit }) => {
  await visit('/console?search=clinica-aurora');
  const marks = row(page, 'Clínica Aurora').locator('.mark');
  await expect(marks).toHaveCount(6);
  for (const mark of await marks.all()) {
    const title = await mark.getAttribute('title');
    expect(title).toMatch(/^[\wÀ-ú ]+: [\wÀ-ú ]+$/);
    await expect(mark.locator('.visually-hidden')).toHaveText(title);
  }
});

test('a refused new client says so at the field', async ({ page, visit, mode, complaints }) => {
  complaints.expect(/status of 422/);
  await visit('/console/new');
  await page.getByLabel('Nome', { exact: true }).fill('Outra Aurora');
  await page.getByLabel('Nome curto').fill('clinica-aurora');
  await page.getByLabel('E-mail do primeiro admin').fill('marina@outra-aurora.example');
  await page.getByRole('button', { name: 'Criar cliente' }).click();
  await expect(page.getByRole('alert')).toContainText('Confira os campos marcados');
  await expect(page.getByLabel('Nome curto')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('.field-error')).toHaveCount(1);
  if (mode === 'wasm') await expect(page.getByLabel('Nome', { exact: true })).toHaveValue('Outra Aurora');
});

test('a client is changed, also to a zone outside Brazil', async ({ page, visit, whose, complaints }) => {
  complaints.expect(/status of 422/);
  const save = () => page.getByRole('region', { name: 'Mudar' }).getByRole('button', { name: 'Guardar' }).click();
  await visit(`/console/tenants/pausa-${whose}`);
  await page.getByLabel('Plano').fill('básico');
  await page.getByLabel('Domínio').fill('confeitaria-pausa.example');
  await page.getByLabel('Fuso horário').selectOption('America/Manaus');
  await save();
  await expect(page.getByRole('status')).toContainText('Mudanças guardadas.');
  const facts = page.getByRole('region', { name: 'Dados' });
  for (const words of ['básico', 'confeitaria-pausa.example', 'America/Manaus']) await expect(facts).toContainText(words);

  await page.getByRole('link', { name: 'Escrever outro fuso' }).click();
  const zone = page.getByRole('textbox', { name: 'Fuso horário' });
  await zone.fill('Marte/Olimpo');
  await save();
  await expect(zone).toHaveAttribute('aria-invalid', 'true');
  await zone.fill('Europe/Lisbon');
  await save();
  await expect(page.getByRole('status')).toContainText('Mudanças guardadas.');
  await expect(facts).toContainText('Europe/Lisbon');
  await expect(page.getByRole('combobox', { name: 'Fuso horário' })).toHaveValue('Europe/Lisbon');
});

test('suspending takes effect on the next request, with the reason, until it is lifted', async ({ page, visit, loading, browser, baseURL, mode, whose }) => {
  const reason = 'Mensalidade de novembro em aberto.';
  const paula = await windowOf(browser, { baseURL, mode, storageState: sessionOf(`paula-${whose}`) });
  await paula.visit('/settings/credentials');
  await expect(paula.page.getByRole('heading', { level: 1 })).toHaveText('Conexões');

  await visit(`/console/tenants/pausa-${whose}`);
  const access = page.getByRole('region', { name: 'Acesso' });
  const sure = access.getByRole('button', { name: 'Suspender agora' });
  await expect(sure).toBeHidden();
  await access.getByText('Suspender Confeitaria Pausa…').click();
  await access.getByLabel('Motivo').fill(reason);
  await loading(() => sure.click());
  await expect(page.getByRole('status')).toContainText('Cliente suspenso.');
  await expect(page.locator('.page-head .badge')).toHaveText('suspenso');
  await expect(access).toContainText(`Acesso suspenso. ${reason}`);

  await paula.page.goto('/settings/credentials');
  await expect(paula.page.getByText(reason)).toBeVisible();
  await expect(paula.page.locator('.credential')).toHaveCount(0);
  await paula.close();

  await loading(() => access.getByRole('button', { name: 'Reativar o acesso' }).click());
  await expect(page.getByRole('status')).toContainText('Cliente reativado.');
  await expect(page.locator('.page-head .badge')).toHaveText('ativo');
  const again = await windowOf(browser, { baseURL, mode });
  const { email, password } = people[`paula-${whose}`];
  await again.visit('/login');
  await again.page.getByLabel('E-mail').fill(email);
  await again.page.getByLabel('Senha').fill(password);
  await again.page.getByRole('button', { name: 'Entrar' }).click();
  await expect(again.page.locator('.whose')).toContainText('Confeitaria Pausa');
  await again.close();
});

test.describe('breaking the glass', () => {
  test.use({ signedInAs: async ({ whose }, use) => use(`gilda-${whose}`), fresh: true });

  test('asks why, shows it to the client’s people, and ends', async ({ page, visit, loading, browser, baseURL, mode, whose }) => {
    const reason = 'Conferir a agenda a pedido do Vitor.';
    await visit(`/console/tenants/vidro-${whose}`);
    const glass = page.getByRole('region', { name: 'Entradas da agência' });
    const enter = glass.getByRole('button', { name: 'Entrar por 30 minutos' });
    await expect(enter).toBeHidden();
    await glass.getByText('Quebrar o vidro…').click();
    await expect(glass).toContainText('30 minutos e só lê');
    await glass.getByLabel('Motivo').fill('curto');
    await loading(() => enter.click());
    await expect(page.getByRole('alert')).toContainText('Confira os campos marcados');
    await expect(glass.getByLabel('Motivo')).toHaveAttribute('aria-invalid', 'true'); // and to be seen: the disclosure is open
    await expect(enter).toBeVisible();

    await glass.getByLabel('Motivo').fill(reason);
    await loading(() => enter.click());
    await expect(page).toHaveURL('/');
    const banner = page.getByRole('region', { name: 'Acesso da agência' });
    await expect(banner).toContainText('Vidraçaria Janela');
    await expect(banner).toContainText(reason);
    expect((await page.request.get('/settings/credentials')).status()).toBe(403);

    const vitor = await windowOf(browser, { baseURL, mode, storageState: sessionOf(`vitor-${whose}`) });
    await vitor.visit('/settings/credentials');
    const his = vitor.page.getByRole('region', { name: 'Acesso da agência' });
    await expect(his).toContainText(`Gilda-${whose}`);
    await expect(his).toContainText(reason);
    await vitor.visit('/settings/audit');
    await expect(vitor.page.locator('.audit tbody tr').filter({ hasText: `Gilda-${whose}` }).first()).toBeVisible();
    await vitor.close();

    await loading(() => banner.getByRole('button', { name: 'Sair do painel do cliente' }).click());
    await expect(page).toHaveURL('/console');
    expect((await page.request.get('/conversations', { maxRedirects: 0 })).status()).not.toBe(200);
    await visit(`/console/tenants/vidro-${whose}`);
    await expect(glass.locator('tbody tr').first()).toContainText(reason);
  });
});

test('somebody is invited into the agency by a link that shows once', async ({ page, visit, loading, whose }) => {
  await visit('/console/staff');
  const me = page.getByRole('row').filter({ hasText: `otavia-${whose}@agencia.example` });
  await expect(me).toContainText('você');
  await expect(me.getByText('Retirar…')).toHaveCount(0);

  const invite = page.getByRole('region', { name: 'Convidar' });
  await expect(invite.getByRole('radio', { name: 'suporte' })).toBeChecked();
  await invite.getByLabel('E-mail').fill(`nova-${whose}@agencia.example`);
  await loading(() => invite.getByRole('button', { name: 'Criar convite' }).click());
  await expect(page).toHaveURL('/console/staff?done=invited');
  await expect(page.getByText('Convite criado.')).toBeVisible();
  await expect(fresh(page)).toHaveValue(/\/invite\/[\w-]{20,}$/);
  await visit('/console/staff');
  await expect(fresh(page)).toHaveCount(0);
});

test.describe('support', () => {
  test.use({ signedInAs: 'samuel' });

  test('sees the fleet and changes nothing', async ({ page, visit, complaints }) => {
    complaints.expect(/status of 403/);
    await visit('/console');
    await expect(row(page, 'Clínica Aurora')).toHaveCount(1);
    for (const name of ['Novo cliente', 'Equipe da agência']) await expect(page.getByRole('link', { name })).toHaveCount(0);
    await row(page, 'Clínica Aurora').getByRole('link').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Clínica Aurora');
    await expect(page.getByRole('region', { name: 'Pessoas' })).toContainText('ana@clinica-aurora.example');
    await expect(page.getByRole('region', { name: /Mudar|Acesso/ })).toHaveCount(0);
    await expect(page.locator('main form')).toHaveCount(0);
    for (const path of ['/console/new', '/console/staff']) expect((await visit(path)).status(), path).toBe(403);
  });
});

test.describe('a client’s admin', () => {
  test.use({ signedInAs: 'ana' });

  test('has no console', async ({ page, visit, complaints }) => {
    complaints.expect(/status of 403/);
    for (const path of ['/console', '/console/new', '/console/staff', '/console/tenants/barbearia-navalha']) {
      expect((await visit(path)).status(), path).toBe(403);
      expect(await page.content()).not.toContain('Barbearia Navalha');
    }
  });
});

test('a client that does not exist is not found', async ({ page, visit, complaints }) => {
  complaints.expect(/status of 404/);
  expect((await visit('/console/tenants/ninguem-assim')).status()).toBe(404);
  await expect(page.getByRole('alert')).toContainText('Não encontramos');
});
