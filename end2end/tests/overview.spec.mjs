// The overview: its figures against the project itself, the chart against its table, what comes next, and the next step
// of a tenant without a project.
import { clock, dayInWords, isoDay, startOf } from './days.mjs';
import { count, rows } from './project.mjs';
import { expect, test } from './test.mjs';

const AURORA = 'clinica-aurora';
const number = async (locator) => Number((await locator.textContent()).replace(/\D/g, ''));
const figure = (page, label) => page.locator('.figure').filter({ has: page.getByText(label, { exact: true }) }).locator('.figure-now');

test('shows four figures that are the project’s own', async ({ page, visit }) => {
  await visit('/');
  await expect(page.locator('.page-sub')).toHaveText(dayInWords(0));
  await expect(page.locator('.figure')).toHaveCount(4);
  const started = (from) => count(AURORA, `conversations?select=id&created_at=gte.${startOf(from)}`);
  const booked = (from, to) =>
    count(AURORA, `appointments?select=id&starts_at=gte.${startOf(from)}&starts_at=lt.${startOf(to)}&status=neq.cancelled`);
  await expect(figure(page, 'Conversas novas hoje')).toHaveText(String(await started(0)));
  await expect(figure(page, 'Conversas novas em 7 dias')).toHaveText(String(await started(-6)));
  await expect(figure(page, 'Agendamentos de hoje')).toHaveText(String(await booked(0, 1)));
  await expect(figure(page, 'Agendamentos em 7 dias')).toHaveText(String(await booked(-6, 1)));
  await expect(page.locator('.figure-before').nth(2)).toContainText(`ontem: ${await booked(-1, 0)}`);
});

test('draws 30 days whose table adds up', async ({ page, visit }) => {
  await visit('/');
  const panel = page.getByRole('region', { name: 'Conversas novas por dia' });
  await expect(panel.locator('rect.bar')).toHaveCount(30);
  await expect(panel.locator('rect.bar.strong')).toHaveCount(7);

  const table = panel.locator('.chart-table');
  await expect(table.locator('tbody')).toBeHidden();
  await panel.getByText('Ver como tabela').click();
  await expect(table.locator('tbody')).toBeVisible();
  await expect(table.locator('tbody tr')).toHaveCount(30);

  const days = await table.locator('tbody th').allTextContents();
  const values = (await table.locator('tbody td').allTextContents()).map(Number);
  const total = values.reduce((sum, value) => sum + value, 0);
  const today = await number(figure(page, 'Conversas novas hoje'));
  expect(total).toBe(await count(AURORA, `conversations?select=id&created_at=gte.${startOf(-29)}`));
  await expect(panel.locator('.card-sub')).toContainText(`30 dias · ${total} no total`);
  await expect(panel.getByRole('img')).toHaveAccessibleName(new RegExp(`: ${total} no total, ${today} hoje\\.`));

  // The table begins with today, the drawing ends with it.
  expect(days[0]).toBe(dayInWords(0));
  expect(days[29]).toBe(dayInWords(-29));
  expect(values[0]).toBe(today);
  const titles = await panel.locator('rect.bar title').allTextContents();
  expect(titles).toEqual(days.map((day, index) => `${day}: ${values[index]}`).reverse());
});

test('lists what is on or comes next, in order, in the tenant’s time', async ({ page, visit }) => {
  await visit('/');
  const panel = page.getByRole('region', { name: 'Próximos agendamentos' });
  const read = encodeURIComponent(await page.locator('.page-asof time').getAttribute('datetime'));
  const next = await rows(
    AURORA,
    `appointments?select=starts_at,customer_name,service,professional&ends_at=gte.${read}&status=neq.cancelled&order=starts_at,id&limit=8`,
  );
  await expect(panel.getByRole('listitem')).toHaveCount(8);
  const shown = await panel.getByRole('listitem').evaluateAll((items) =>
    items.map((item) => [item.querySelector('time').dateTime, item.querySelector('.strong').textContent.trim(), item.querySelector('.soft').textContent]),
  );
  const inZone = (instant) => new Date(Date.parse(instant) - 3 * 3_600_000).toISOString().replace('.000Z', '-03:00');
  expect(shown).toEqual(next.map((row) => [inZone(row.starts_at), row.customer_name.trim(), `${row.service} · ${row.professional}`]));
  const day = shown[0][0].slice(0, 10) === isoDay() ? 'hoje' : 'amanhã';
  await expect(panel.locator('time').first()).toHaveText(`${day} ${clock(next[0].starts_at)}`);
  await panel.getByRole('link', { name: 'Ver a agenda' }).click();
  await expect(page).toHaveURL('/appointments');
});

test('says when it was read and reads again on request', async ({ page, visit, loading }) => {
  await visit('/');
  await expect(page.locator('.page-asof time')).toHaveAttribute('datetime', new RegExp(`^${isoDay()}T.*-03:00$`));
  await loading(() => page.getByRole('link', { name: 'atualizar' }).click());
  await expect(page.locator('.figure')).toHaveCount(4);
});

test.describe('a tenant without a project', () => {
  test.use({ signedInAs: 'nora' });

  for (const path of ['/', '/conversations', '/appointments']) {
    test(`sees the next step on ${path}`, async ({ page, visit }) => {
      await visit(path);
      await expect(page.getByText('Falta ligar o projeto Supabase')).toBeVisible();
      await expect(page.getByRole('alert')).toHaveCount(0);
      await page.getByRole('link', { name: 'Ligar o projeto' }).click();
      await expect(page).toHaveURL('/settings/credentials');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Conexões');
    });
  }
});
