// The agenda: seven days in the tenant's time, other weeks, prices and statuses as the project has them.
import { clock, dayInWords, isoDay, startOf } from './days.mjs';
import { rows } from './project.mjs';
import { expect, test } from './test.mjs';

const AURORA = 'clinica-aurora';
const WORDS = {
  scheduled: 'a confirmar',
  confirmed: 'confirmado',
  in_progress: 'em atendimento',
  completed: 'realizado',
  cancelled: 'cancelado',
  no_show: 'faltou',
  rescheduled: 'remarcado',
};
const days = (page) => page.locator('section.day');
const week = (first) => Array.from({ length: 7 }, (_, index) => dayInWords(first + index));
const plain = (texts) => texts.map((text) => text.replace(/\s*hoje$/, '').trim());
const shows = (page, first) => expect.poll(async () => plain(await page.locator('.day-head').allTextContents())).toEqual(week(first));
const reais = (cents) => (cents === null ? '' : new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' }).format(cents / 100));
const booked = (from, to) =>
  rows(AURORA, `appointments?select=*&starts_at=gte.${startOf(from)}&starts_at=lt.${startOf(to)}&order=starts_at,id`);

test('shows seven days from today', async ({ page, visit }) => {
  await visit('/appointments');
  await shows(page, 0);
  await expect(days(page).and(page.locator('[data-today="true"]'))).toHaveCount(1);
  await expect(days(page).first()).toHaveAttribute('data-today', 'true');
  await expect(page.locator('.page-sub')).toContainText(`${(await booked(0, 7)).length} agendamentos · horário de São Paulo`);
});

test('every appointment of a past week stands there as the project has it', async ({ page, visit }) => {
  await visit(`/appointments?from=${isoDay(-10)}`);
  await shows(page, -10);
  const shown = await page.locator('.slot').evaluateAll((slots) =>
    slots.map((slot) => {
      const text = (selector) => (slot.querySelector(selector)?.textContent ?? '').trim();
      return [
        text('.slot-when time'),
        text('.slot-when .soft'),
        text('.slot-who .strong'),
        text('.slot-what bdi'),
        text('.slot-what .soft'),
        text('.slot-price'),
        text('.badge'),
      ];
    }),
  );
  const expected = (await booked(-10, -3)).map((row) => [
    clock(row.starts_at),
    `até ${clock(row.ends_at)}`,
    row.customer_name.trim(),
    row.service,
    row.professional,
    reais(row.price_cents),
    WORDS[row.status],
  ]);
  expect(shown).toEqual(expected);
  expect(new Set(expected.map((row) => row[6])).size).toBeGreaterThan(2);
});

test('goes a week on, a week back, and home', async ({ page, visit }) => {
  const weeks = page.getByRole('navigation', { name: 'Semanas' });
  await visit('/appointments');
  await weeks.getByRole('link', { name: 'Depois' }).click();
  await expect(page).toHaveURL(`/appointments?from=${isoDay(7)}`);
  await shows(page, 7);
  await expect(page.locator('[data-today="true"]')).toHaveCount(0);
  await expect(page.getByLabel('Ir para o dia')).toHaveValue(isoDay(7));
  await weeks.getByRole('link', { name: 'Antes' }).click();
  await shows(page, 0);
  await weeks.getByRole('link', { name: 'Antes' }).click();
  await expect(page).toHaveURL(`/appointments?from=${isoDay(-7)}`);
  await shows(page, -7);
  await weeks.getByRole('link', { name: 'Hoje' }).click();
  await expect(page).toHaveURL('/appointments');
  await shows(page, 0);
});

test('goes to a day that is chosen', async ({ page, visit }) => {
  await visit('/appointments');
  await expect(page.getByLabel('Ir para o dia')).toHaveValue(isoDay());
  await page.getByLabel('Ir para o dia').fill(isoDay(12));
  await page.getByRole('button', { name: 'Ver' }).click();
  await expect(page).toHaveURL(`/appointments?from=${isoDay(12)}`);
  await shows(page, 12);
  await expect(page.getByLabel('Ir para o dia')).toHaveValue(isoDay(12));
});

test('a day that is none is today', async ({ page, visit }) => {
  await visit('/appointments?from=31%2F12%2F2026');
  await shows(page, 0);
});

test('a far day is empty, and says so seven times', async ({ page, visit }) => {
  await visit('/appointments?from=2031-03-01');
  await expect(page.getByText('Nada marcado.')).toHaveCount(7);
  await expect(page.locator('.page-sub')).toContainText('nenhum agendamento');
});

test('a customer leads to the conversation, a video call to its own site in a new tab', async ({ page, visit }) => {
  await visit(`/appointments?from=${isoDay(-7)}`);
  const video = page.getByRole('link', { name: 'Vídeo' }).first();
  await expect(video).toHaveAttribute('href', /^https:\/\/meet\.google\.com\//);
  await expect(video).toHaveAttribute('rel', /noopener/);
  const customer = page.locator('.slot-who a').first();
  const name = await customer.textContent();
  await customer.click();
  await expect(page).toHaveURL(/\/conversations\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(name.trim()).not.toBe('');
});
