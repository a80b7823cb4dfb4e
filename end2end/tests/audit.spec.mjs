// The audit trail of a tenant: what was done shows with who did it, filters narrow it, and the file holds the same.
import { isoDay } from './days.mjs';
import { expect, test } from './test.mjs';

const SECRET = 'https://n8n.registros.example/webhook/fedcba9876543210';
const events = (page) => page.locator('.audit tbody tr');

// One tenant for all of these: one after the other.
test.describe.configure({ mode: 'default' });
test.use({ signedInAs: async ({ whose }, use) => use(`iara-${whose}`), fresh: true });

test('a saved credential stands in it: who, what and when, never a value', async ({ page, visit }) => {
  await visit('/settings/credentials');
  const n8n = page.getByRole('region', { name: 'n8n' });
  await n8n.getByLabel('URL do webhook').fill(SECRET);
  await n8n.getByRole('button', { name: 'Guardar' }).click();
  await expect(page.getByRole('status')).toContainText('n8n guardado e selado.');

  await visit('/settings/audit');
  const event = events(page).first();
  await expect(event).toContainText('Iara');
  await expect(event).toContainText('n8n');
  await expect(event.locator('.badge')).not.toBeEmpty();
  await expect(event.locator('time')).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
  await expect(event.locator('.audit-source')).toHaveText(/^(127\.0\.0\.1|::1)$/);
  const instants = await events(page).locator('time').evaluateAll((times) => times.map((time) => Date.parse(time.dateTime)));
  expect(instants).toEqual([...instants].sort((a, b) => b - a));
  expect(await page.content()).not.toContain('fedcba9876543210');
});

test('filters narrow it, and are kept in the form', async ({ page, visit, loading }) => {
  await visit('/settings/audit');
  const all = await events(page).count();
  expect(all).toBeGreaterThan(0);
  const who = page.getByLabel('Quem', { exact: true });
  const filter = () => loading(() => page.getByRole('button', { name: 'Filtrar' }).click());

  await who.fill('iara');
  await page.getByLabel('De', { exact: true }).fill(isoDay());
  await filter();
  await expect(who).toHaveValue('iara');
  await expect(page.getByLabel('De', { exact: true })).toHaveValue(isoDay());
  expect(await events(page).count()).toBeGreaterThan(0);
  for (const event of await events(page).all()) await expect(event).toContainText('Iara');

  await who.fill('ninguém assim');
  await filter();
  await expect(page.getByText('Nada com estes filtros')).toBeVisible();
  await page.getByRole('link', { name: 'Ver tudo' }).click();
  await expect(page).toHaveURL('/settings/audit');
  await expect(who).toHaveValue('');

  const kinds = page.getByLabel('O quê');
  const labels = await kinds.locator('option').allTextContents();
  expect(labels[0]).toBe('Tudo');
  expect(labels.length).toBeGreaterThan(1);
  await visit(`/settings/audit?to=${isoDay(-2)}`); // also when midnight passes while the tests run
  await expect(page.getByText('Nada com estes filtros')).toBeVisible();
});

test('a day that is none is refused at its field', async ({ page, visit }) => {
  await visit('/settings/audit?from=abacaxi');
  await expect(page.getByRole('alert')).toContainText('Confira os campos marcados');
  await expect(page.getByLabel('De', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('.field-error')).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Baixar CSV' })).toHaveCount(0);
});

test('the file has the rows of the page', async ({ page, visit }) => {
  await visit('/settings/audit?who=iara');
  const link = page.getByRole('link', { name: 'Baixar CSV' });
  await expect(link).toHaveAttribute('href', '/settings/audit.csv?who=iara');
  const response = await page.request.get(await link.getAttribute('href'));
  expect(response.status()).toBe(200);
  expect(response.headers()['content-type']).toMatch(/^text\/csv/);
  const text = await response.text();
  expect(text.trim().split('\n').length).toBeGreaterThan(await events(page).count());
  expect(text).toContain('Iara');
  expect(text).not.toContain('fedcba9876543210');
});

test.describe('a viewer', () => {
  test.use({ signedInAs: 'vera' });

  test('has no audit, neither page nor file', async ({ page, visit, complaints }) => {
    complaints.expect(/status of 403/);
    expect((await visit('/settings/audit')).status()).toBe(403);
    await expect(events(page)).toHaveCount(0);
    expect((await page.request.get('/settings/audit.csv')).status()).toBe(403);
  });
});

test('another tenant’s events are not in it', async ({ page, visit }) => {
  await visit('/settings/audit');
  await expect(page.locator('.whose')).toContainText('Cartório Registros');
  for (const word of ['Ana', 'Bruno', 'clinica-aurora', 'barbearia-navalha']) {
    await expect(events(page).filter({ hasText: new RegExp(`\\b${word}\\b`) })).toHaveCount(0);
  }
});
