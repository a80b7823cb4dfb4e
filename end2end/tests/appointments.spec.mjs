// The agenda: a day and a week by hours, a month, a list; what narrows it; an appointment's own page; the file for calendars.
import { readFile } from 'node:fs/promises';
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
const AGENDA = '/appointments';
const MONTH = 30;
const reais = (cents) => (cents === null ? '' : new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' }).format(cents / 100));
const booked = (from, to) =>
  rows(AURORA, `appointments?select=*&starts_at=gte.${startOf(from)}&starts_at=lt.${startOf(to)}&order=starts_at,id`);
const weekdayOf = (days) => new Date(`${isoDay(days)}T12:00:00Z`).getUTCDay();
/** How far Sunday is from today, for the week of a day. */
const sundayOf = (days) => days - weekdayOf(days);
const columns = (page) => page.locator('.hours-column');
const cards = (page) => page.locator('.hours-body .event-card');
const views = (page) => page.getByRole('navigation', { name: 'Visão da agenda' });
const steps = (page) => page.getByRole('navigation', { name: 'Período' });

/** A day of the last week on which there is something to see: clinics rest on some. */
async function busyDay() {
  for (let day = -1; day > -8; day--) {
    const rows = await booked(day, day + 1);
    if (rows.length > 3 && new Set(rows.map(({ professional }) => professional)).size > 1) return day;
  }
  throw new Error('no day of the last week has four appointments with two people');
}

/** Cards of all columns and those that are only counted. */
async function drawn(page) {
  const more = await page.locator('.hours-body .event.more [aria-hidden]').allTextContents();
  return (await page.locator('.event-card').count()) + more.reduce((sum, text) => sum + Number(text.slice(1)), 0);
}

test('shows this week from Sunday to Saturday, with today marked', async ({ page, visit }) => {
  await visit(AGENDA);
  const sunday = sundayOf(0);
  await expect(columns(page)).toHaveCount(7);
  await expect(columns(page).and(page.locator('[data-today="true"]'))).toHaveCount(1);
  await expect(columns(page).nth(weekdayOf(0))).toHaveAttribute('data-today', 'true');
  const week = await booked(sunday, sunday + 7);
  await expect(page.locator('.page-sub')).toContainText(`${week.length} agendamentos · horário de São Paulo`);
  expect(await drawn(page)).toBe(week.length);
  await expect(views(page).locator('[aria-current="page"]')).toHaveText('Semana');
});

test('the four views are links that keep the day and what narrows it', async ({ page, visit }) => {
  const day = isoDay(-7);
  await visit(`${AGENDA}?date=${day}&status=completed`);
  for (const [name, word] of [['Dia', 'day'], ['Mês', 'month'], ['Lista', 'list'], ['Semana', '']]) {
    await views(page).getByRole('link', { name }).click();
    const view = word ? `view=${word}&` : '';
    await expect(page).toHaveURL(`${AGENDA}?${view}date=${day}&status=completed`);
    await expect(views(page).locator('[aria-current="page"]')).toHaveText(name);
    await expect(page.locator('.page-sub')).toContainText(/\d+ de \d+ agendamentos|nenhum agendamento/);
  }
});

test('goes a span on, a span back, and home, in the view at hand', async ({ page, visit }) => {
  await visit(`${AGENDA}?view=day`);
  await steps(page).getByRole('link', { name: 'Depois' }).click();
  await expect(page).toHaveURL(`${AGENDA}?view=day&date=${isoDay(1)}`);
  await expect(page.locator('.page-sub')).toContainText(dayInWords(1));
  await steps(page).getByRole('link', { name: 'Hoje' }).click();
  await expect(page).toHaveURL(`${AGENDA}?view=day`);
  // The address is there first, and the links of the day a moment later.
  await expect(page.locator('.page-sub')).toContainText(dayInWords(0));
  await steps(page).getByRole('link', { name: 'Antes' }).click();
  await expect(page).toHaveURL(`${AGENDA}?view=day&date=${isoDay(-1)}`);
  await expect(page.locator('.page-sub')).toContainText(dayInWords(-1));
  await views(page).getByRole('link', { name: 'Semana' }).click();
  await expect(views(page).locator('[aria-current="page"]')).toHaveText('Semana');
  await steps(page).getByRole('link', { name: 'Antes' }).click();
  await expect(page).toHaveURL(`${AGENDA}?date=${isoDay(-8)}`);
});

test('goes to a day that is chosen, and a day that is none is today', async ({ page, visit }) => {
  await visit(`${AGENDA}?view=day`);
  const day = page.getByLabel('Ir para o dia');
  await expect(day).toHaveValue(isoDay());
  await day.fill(isoDay(12));
  await page.getByRole('button', { name: 'Ver' }).click();
  await expect(page).toHaveURL(new RegExp(`[?&]view=day&date=${isoDay(12)}`));
  await expect(page.locator('.page-sub')).toContainText(dayInWords(12));
  await expect(page.getByLabel('Ir para o dia')).toHaveValue(isoDay(12));
  await visit(`${AGENDA}?view=day&date=31%2F12%2F2026`);
  await expect(page.locator('.page-sub')).toContainText(dayInWords(0));
});

test('cards stand where their hours are, and none covers another', async ({ page, visit }) => {
  const day = await busyDay();
  await visit(`${AGENDA}?view=day&date=${isoDay(day)}`);
  const expected = await booked(day, day + 1);
  expect(await drawn(page)).toBe(expected.length);
  const [first] = (await page.locator('.hours-scale span').first().textContent()).split(':').map(Number);
  const boxes = await cards(page).evaluateAll((all) =>
    all.map((card) => {
      const [box, body] = [card.getBoundingClientRect(), card.closest('.hours-body').getBoundingClientRect()];
      const when = card.querySelector('.event-when').textContent.match(/^(\d\d):(\d\d)/).slice(1).map(Number);
      return { when, top: box.top - body.top, left: box.left, right: box.right, upper: box.top, bottom: box.bottom };
    }),
  );
  for (const { when: [hour, minute], top } of boxes) {
    expect(Math.abs(top - ((hour - first) * 4 + Math.floor(minute / 15)) * 24)).toBeLessThan(3);
  }
  boxes.forEach((a, index) => {
    for (const b of boxes.slice(index + 1)) {
      expect(a.right <= b.left + 0.5 || b.right <= a.left + 0.5 || a.bottom <= b.upper + 0.5 || b.bottom <= a.upper + 0.5).toBe(true);
    }
  });
});

test('a day has a column for each professional when it is asked', async ({ page, visit }) => {
  const day = await busyDay();
  await visit(`${AGENDA}?view=day&date=${isoDay(day)}`);
  const all = await booked(day, day + 1);
  const names = [...new Set(all.map((row) => row.professional))].sort((a, b) => a.localeCompare(b, 'pt-BR'));
  expect(names.length).toBeGreaterThan(1);
  const groups = page.getByRole('navigation', { name: 'Colunas do dia' });
  await groups.getByRole('link', { name: 'Por profissional' }).click();
  await expect(page).toHaveURL(/group=professional/);
  await expect(columns(page)).toHaveCount(names.length);
  await page.waitForLoadState();
  expect((await page.locator('.hours-head').allTextContents()).map((text) => text.replace(/hoje$/, '').trim()).sort()).toEqual([...names].sort());
  expect(await drawn(page)).toBe(all.length);
});

test('what narrows the agenda says how many of how many, and can be cleared', async ({ page, visit }) => {
  await visit(`${AGENDA}?view=list&date=${isoDay(-10)}`);
  const all = await booked(-10, -10 + MONTH);
  const { professional } = all[0];
  await page.getByText('Filtros').click();
  await page.getByLabel('Profissional').selectOption(professional);
  await page.getByLabel('Estado').selectOption({ label: 'realizado' });
  await page.getByRole('button', { name: 'Ver' }).click();
  await expect(page).toHaveURL(/status=completed/);
  const some = all.filter((row) => row.professional === professional && row.status === 'completed');
  await expect(page.locator('.page-sub')).toContainText(`${some.length} de ${all.length} agendamentos`);
  await expect(page.locator('.slot')).toHaveCount(some.length);
  await expect(page.getByLabel('Profissional')).toHaveValue(professional);
  await page.getByRole('link', { name: 'Limpar' }).click();
  await expect(page).toHaveURL(`${AGENDA}?view=list&date=${isoDay(-10)}`);
  await expect(page.locator('.slot')).toHaveCount(all.length);
});

test('every appointment of a past month stands in the list as the project has it', async ({ page, visit }) => {
  await visit(`${AGENDA}?view=list&date=${isoDay(-MONTH)}`);
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
  const expected = (await booked(-MONTH, 0)).map((row) => [
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

test('a far month is one line, and a far week says nothing is booked', async ({ page, visit }) => {
  await visit(`${AGENDA}?view=list&date=2031-03-01`);
  await expect(page.getByText('30 dias livres: 1 a 30 de março de 2031')).toBeVisible();
  await visit(`${AGENDA}?date=2031-03-01`);
  await expect(page.locator('.page-sub')).toContainText('nenhum agendamento');
  await expect(cards(page)).toHaveCount(0);
});

test('a month is a table of weeks whose days lead to their own view', async ({ page, visit }) => {
  await visit(`${AGENDA}?view=month`);
  await expect(page.locator('.month thead th')).toHaveText(['dom', 'seg', 'ter', 'qua', 'qui', 'sex', 'sáb']);
  await expect(page.locator('.month tbody tr').first().locator('td')).toHaveCount(7);
  const today = page.locator('.month td[data-today="true"]');
  await expect(today).toHaveCount(1);
  const all = await booked(0, 1);
  await expect(today.locator('.month-entry')).toHaveCount(Math.min(3, all.length));
  if (all.length > 3) await expect(today.locator('.month-more')).toContainText(`+${all.length - 3}`);
  await today.locator('.month-day').click();
  await expect(page).toHaveURL(`${AGENDA}?view=day&date=${isoDay()}`);
  await expect(page.locator('.page-sub')).toContainText(`${all.length} agendamentos`);
});

test('an appointment has its page: who, when, how it stands, and the way back', async ({ page, visit }) => {
  const [row] = (await booked(-MONTH, 0)).filter(({ meet_link: link, conversation_id: id }) => link && id);
  await visit(`${AGENDA}?view=list&date=${isoDay(-MONTH)}&status=${row.status}`);
  await page.locator(`.slot-who a[href^="${AGENDA}/${row.id}?"]`).click();
  await expect(page).toHaveURL(`${AGENDA}/${row.id}?view=list&date=${isoDay(-MONTH)}&status=${row.status}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(row.customer_name.trim());
  const card = page.locator('.booking');
  await expect(card.locator('.booking-when')).toContainText(`das ${clock(row.starts_at)} às ${clock(row.ends_at)}`);
  await expect(card.locator('.booking-when')).toContainText('horário de São Paulo');
  await expect(card.locator('.badge')).toHaveText(WORDS[row.status]);
  for (const text of [row.service, row.professional]) await expect(card.locator('.facts')).toContainText(text);
  const video = card.getByRole('link', { name: 'Abrir a chamada de vídeo' });
  await expect(video).toHaveAttribute('href', /^https:\/\/meet\.google\.com\//);
  await expect(video).toHaveAttribute('rel', /noopener/);
  await expect(page.getByRole('complementary', { name: 'Outros desta pessoa' })).toBeVisible();
  await page.getByRole('link', { name: '← Agenda' }).click();
  await expect(page).toHaveURL(`${AGENDA}?view=list&date=${isoDay(-MONTH)}&status=${row.status}`);
  await page.goBack();
  await page.getByRole('link', { name: 'Ver a conversa' }).click();
  await expect(page).toHaveURL(`/conversations/${row.conversation_id}`);
});

test('an appointment that is nobody’s is not found', async ({ page, visitMissing, complaints }) => {
  complaints.expect(/status of 404/);
  const answer = await visitMissing(`${AGENDA}/999999`);
  expect(answer.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Agendamento não encontrado');
});

test('the file for calendars has what is shown, and one appointment has its own', async ({ page, visit }) => {
  const day = isoDay(-7);
  await visit(`${AGENDA}?date=${day}`);
  const file = async () => {
    const begun = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Adicionar ao calendário (.ics)' }).click();
    const download = await begun;
    return [download.suggestedFilename(), (await readFile(await download.path(), 'utf8')).split('\r\n')];
  };
  const sunday = sundayOf(-7);
  const week = await booked(sunday, sunday + 7);
  const [name, lines] = await file();
  expect(name).toBe('agenda.ics');
  expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(week.length);
  const stamp = (instant) => `DTSTART:${new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  expect(lines.filter((line) => line.startsWith('DTSTART')).sort()).toEqual(week.map((row) => stamp(row.starts_at)).sort());
  await visit(`${AGENDA}/${week[0].id}`);
  const [own, event] = await file();
  expect(own).toBe('agendamento.ics');
  expect(event).toContain(stamp(week[0].starts_at));
});

test('is gone through by the keyboard from the views to the cards', { tag: '@script' }, async ({ page, visit }) => {
  await visit(`${AGENDA}?view=day&date=${isoDay(await busyDay())}`);
  await views(page).getByRole('link', { name: 'Dia' }).focus();
  const seen = [];
  for (let turn = 0; turn < 40 && !seen.includes('event-card'); turn++) {
    await page.keyboard.press('Tab');
    seen.push(await page.evaluate(() => document.activeElement.classList[0] ?? document.activeElement.tagName));
  }
  expect(seen).toContain('event-card');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${AGENDA}/\\d+\\?view=day`));
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('a week is its days below each other, a day keeps its hours', async ({ page, visit }) => {
    await visit(`${AGENDA}?date=${isoDay(-7)}`);
    await expect(page.locator('.hours-scale')).toBeHidden();
    const tops = await columns(page).evaluateAll((all) => all.map((column) => column.getBoundingClientRect().top));
    expect(tops).toHaveLength(7);
    tops.slice(1).forEach((top, index) => expect(top).toBeGreaterThan(tops[index]));
    const heights = await cards(page).evaluateAll((all) => all.map((card) => card.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    await page.locator('.hours-head a').nth(1).click();
    await expect(page).toHaveURL(/view=day/);
    await expect(page.locator('.hours-scale')).toBeVisible();
  });

  test('a month shows how many, as links', async ({ page, visit }) => {
    await visit(`${AGENDA}?view=month`);
    const today = page.locator('.month td[data-today="true"]');
    await expect(today.locator('.month-entry').first()).toBeHidden();
    await expect(today.locator('.month-count')).toContainText(String((await booked(0, 1)).length));
    await today.locator('.month-day').click();
    await expect(page).toHaveURL(`${AGENDA}?view=day&date=${isoDay()}`);
  });
});
