// The overview: its figures against the project itself, the chart against its table, the week, the appointments, the file,
// what comes next, the period's picker, business hours, and the next step of a tenant without a project.
import { clock, dayInWords, isoDay, startOf } from './days.mjs';
import { count, rows } from './project.mjs';
import { expect, test } from './test.mjs';

const AURORA = 'clinica-aurora';
const number = (text) => Number(text.replace(/\D/g, ''));
const card = (page, label) => page.locator('.figure').filter({ has: page.getByText(label, { exact: true }) });
const figure = async (page, label) => number(await card(page, label).locator('.figure-now').textContent());
const sum = (values) => values.reduce((all, value) => all + value, 0);
const panel = (page, name) => page.getByRole('region', { name, exact: true });

const within = (column, from, to) => `${column}=gte.${startOf(from)}&${column}=lt.${startOf(to)}`;

test('shows figures that are the project’s own', async ({ page, visit }) => {
  await visit('/');
  await expect(page.locator('.page-sub')).toHaveText(dayInWords(0));
  expect(await figure(page, 'Conversas novas')).toBe(await count(AURORA, `conversations?select=id&${within('created_at', -6, 1)}`));
  expect(await figure(page, 'Mensagens recebidas')).toBe(
    await count(AURORA, `messages?select=id&direction=eq.in&${within('created_at', -6, 1)}`),
  );
  expect(await figure(page, 'Agendamentos')).toBe(
    await count(AURORA, `appointments?select=id&status=neq.cancelled&${within('starts_at', -6, 1)}`),
  );
  await expect(card(page, 'Conversas novas').locator('.figure-before')).toContainText('7 dias antes, até esta hora');
  const before = await count(AURORA, `appointments?select=id&status=neq.cancelled&${within('starts_at', -13, -6)}`);
  expect(number((await card(page, 'Agendamentos').locator('.figure-before span').last().textContent()).split(': ')[1])).toBe(before);
  // More of them are one step away, and what is not told is said.
  await expect(card(page, 'Mensagens enviadas')).toBeHidden();
  await page.getByText('Mais números').click();
  await expect(card(page, 'Mensagens enviadas')).toBeVisible();
  await page.getByText('O que estas tabelas não contam').click();
  await expect(page.getByText('Se respondeu o robô ou uma pessoa')).toBeVisible();
});

test('chooses its period by links and by a form, each with an address', async ({ page, visit, loading }) => {
  await visit('/');
  const picker = page.getByRole('navigation', { name: 'Período' });
  await expect(picker.getByRole('link', { name: '7 dias' })).toHaveAttribute('aria-current', 'page');
  await picker.getByRole('link', { name: '30 dias' }).click();
  await expect(page).toHaveURL('/?period=30');
  await expect(panel(page, 'Conversas novas por dia').locator('rect.bar')).toHaveCount(30);
  await picker.getByRole('link', { name: 'Hoje' }).click();
  await expect(page).toHaveURL('/?period=today');
  await expect(panel(page, 'Conversas novas por hora').locator('rect.bar')).toHaveCount(24);
  await picker.getByText('Outras datas').click();
  await picker.getByLabel('De').fill(isoDay(-12));
  await picker.getByLabel('Até').fill(isoDay(-3));
  await loading(() => picker.getByRole('button', { name: 'Ver' }).click());
  await expect(page).toHaveURL(`/?period=custom&from=${isoDay(-12)}&to=${isoDay(-3)}`);
  await expect(panel(page, 'Conversas novas por dia').locator('rect.bar')).toHaveCount(10);
  expect(await figure(page, 'Conversas novas')).toBe(await count(AURORA, `conversations?select=id&${within('created_at', -12, -2)}`));
  await visit('/?period=abacaxi&from=x');
  await expect(picker.getByRole('link', { name: '7 dias' })).toHaveAttribute('aria-current', 'page');
});

test('draws bars whose table adds up to the headline', async ({ page, visit }) => {
  await visit('/?period=30');
  const chart = panel(page, 'Conversas novas por dia');
  await expect(chart.locator('rect.bar.strong')).toHaveCount(1);
  const table = chart.locator('.chart-table');
  await expect(table.locator('tbody')).toBeHidden();
  await chart.getByText('Ver como tabela').click();
  await expect(table.locator('tbody tr')).toHaveCount(30);
  const days = await table.locator('tbody th').allTextContents();
  const values = (await table.locator('tbody td').allTextContents()).map(Number);
  expect(sum(values)).toBe(await figure(page, 'Conversas novas'));
  await expect(chart.getByRole('img')).toHaveAccessibleName(/^Conversas novas por dia: .* no total; o máximo foi /);
  // The table begins with today, the drawing ends with it.
  expect(days[0]).toBe(dayInWords(0));
  expect(days[29]).toBe(dayInWords(-29));
  const titles = await chart.locator('rect.bar title').allTextContents();
  expect(titles).toEqual(days.map((day, index) => `${day}: ${values[index]}`).reverse());
});

test('shows the week hour by hour, and it adds up too', async ({ page, visit }) => {
  await visit('/');
  const table = panel(page, 'Quando escrevem').getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(8);
  const cells = table.locator('td');
  await expect(cells).toHaveCount(7 * 24);
  expect(sum((await cells.allTextContents()).map(Number))).toBe(await figure(page, 'Mensagens recebidas'));
  await expect(table.locator('td.heat-5').first()).toBeVisible();
});

test('shows what became of appointments, with whom and what for', async ({ page, visit }) => {
  await visit('/?period=30');
  const tables = panel(page, 'Agendamentos').getByRole('table');
  await expect(tables).toHaveCount(3);
  const counts = async (table) => sum((await table.locator('tbody td.number:not(.soft)').allTextContents()).map(number));
  const all = await count(AURORA, `appointments?select=id&${within('starts_at', -29, 1)}`);
  expect(await counts(tables.nth(0))).toBe(all);
  const kept = await figure(page, 'Agendamentos');
  expect([await counts(tables.nth(1)), await counts(tables.nth(2))]).toEqual([kept, kept]);
  await expect(tables.nth(0).locator('.badge').first()).toBeVisible();
});

test('gives the same numbers as a file', async ({ page, visit }) => {
  await visit('/?period=30');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Baixar os números (CSV)' }).click()]);
  expect(download.suggestedFilename()).toBe('visao-geral.csv');
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  for (const label of ['Conversas novas', 'Mensagens recebidas', 'Agendamentos', 'Faltas']) {
    const shown = await card(page, label).locator('.figure-now').textContent();
    expect(text).toContain(`"Números";"${label}";"${shown}"`);
  }
});

test('lists what is on or comes next, in order, in the tenant’s time', async ({ page, visit }) => {
  await visit('/');
  const upcoming = panel(page, 'Próximos agendamentos');
  const read = encodeURIComponent(await page.locator('.page-asof time').getAttribute('datetime'));
  const next = await rows(
    AURORA,
    `appointments?select=starts_at,customer_name,service,professional&ends_at=gte.${read}&status=neq.cancelled&order=starts_at,id&limit=8`,
  );
  await expect(upcoming.getByRole('listitem')).toHaveCount(8);
  const shown = await upcoming.getByRole('listitem').evaluateAll((items) =>
    items.map((item) => [item.querySelector('time').dateTime, item.querySelector('.strong').textContent.trim(), item.querySelector('.soft').textContent]),
  );
  const inZone = (instant) => new Date(Date.parse(instant) - 3 * 3_600_000).toISOString().replace('.000Z', '-03:00');
  expect(shown).toEqual(next.map((row) => [inZone(row.starts_at), row.customer_name.trim(), `${row.service} · ${row.professional}`]));
  const day = shown[0][0].slice(0, 10) === isoDay() ? 'hoje' : 'amanhã';
  await expect(upcoming.locator('time').first()).toHaveText(`${day} ${clock(next[0].starts_at)}`);
  await upcoming.getByRole('link', { name: 'Ver a agenda' }).click();
  await expect(page).toHaveURL('/appointments');
});

test('says when it was read and reads again on request, in the same period', async ({ page, visit, loading }) => {
  await visit('/?period=30');
  await expect(page.locator('.page-asof time')).toHaveAttribute('datetime', new RegExp(`^${isoDay()}T.*-03:00$`));
  await loading(() => page.getByRole('link', { name: 'atualizar' }).click());
  await expect(page).toHaveURL('/?period=30&refresh=1');
  await expect(page.locator('.period[aria-current]')).toHaveText('30 dias');
});

test.describe('business hours', () => {
  test.use({ signedInAs: async ({ whose }, use) => use(`hilda-${whose}`), fresh: true });

  test('are assumed until an admin says them', async ({ page, visit, loading }) => {
    await visit('/');
    const hours = panel(page, 'Horário de atendimento');
    await expect(hours).toContainText('suposto: segunda a sexta, das 08:00 às 18:00');
    await hours.getByText('Mudar o horário').click();
    await hours.getByLabel('sábado').check();
    await hours.getByLabel('Abre').fill('18:30');
    await loading(() => hours.getByRole('button', { name: 'Guardar' }).click());
    await expect(hours.getByText('depois da abertura')).toBeVisible();
    await hours.getByLabel('sábado').check();
    await hours.getByLabel('Abre').fill('09:00');
    await hours.getByLabel('Fecha').fill('19:00');
    await loading(() => hours.getByRole('button', { name: 'Guardar' }).click());
    await expect(page.getByRole('status').filter({ hasText: 'Horário de atendimento guardado' })).toBeVisible();
    await expect(hours).toContainText('Horário de atendimento: segunda a sábado, das 09:00 às 19:00.');
  });
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
