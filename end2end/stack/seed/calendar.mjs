// Days and times as the two shops live them, and how people name them in a chat.
//
// Why it stands here: São Paulo and Recife are both at UTC-3 all year (Brazil has had no summer time
// since 2019), so local time is a subtraction and the seed needs no time zone data.
// All times are milliseconds since the epoch; a day is its number of days since today.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const OFFSET = -3 * HOUR;

const WEEKDAYS = ['domingo', 'segunda', 'terça', 'quarta', 'quinta', 'sexta', 'sábado'];

/** The local midnight that began the day of `time`. */
export function midnight(time) {
  return Math.floor((time + OFFSET) / DAY) * DAY - OFFSET;
}

/** 0 for Sunday to 6 for Saturday. */
export function weekday(time) {
  return new Date(time + OFFSET).getUTCDay();
}

export function hourOf(time) {
  return new Date(time + OFFSET).getUTCHours();
}

/** `14h` or `14h30`. */
export function clockWords(time) {
  const local = new Date(time + OFFSET);
  const minutes = local.getUTCMinutes();
  return `${local.getUTCHours()}h${minutes ? String(minutes).padStart(2, '0') : ''}`;
}

/** `24/11`. */
export function dateWords(time) {
  const local = new Date(time + OFFSET);
  return [local.getUTCDate(), local.getUTCMonth() + 1].map((n) => String(n).padStart(2, '0')).join('/');
}

export function weekdayWords(time) {
  return WEEKDAYS[weekday(time)];
}

/** How one says the day of `time` when writing at `from`: `hoje`, `amanhã`, `quinta` or `dia 24/11`. */
export function dayWords(time, from) {
  const days = Math.round((midnight(time) - midnight(from)) / DAY);
  if (days === 0) return 'hoje';
  if (days === 1) return 'amanhã';
  return days > 1 && days < 7 ? weekdayWords(time) : `dia ${dateWords(time)}`;
}

export function greeting(time) {
  const hour = hourOf(time);
  if (hour >= 5 && hour < 12) return 'bom dia';
  return hour >= 12 && hour < 18 ? 'boa tarde' : 'boa noite';
}

/** Shares `total` out over days in proportion to `weights`, in whole numbers that add up (largest remainder). */
export function shareOut(total, weights) {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const counts = exact.map(Math.floor);
  const byRemainder = exact.map((value, index) => [value - counts[index], index]).sort((a, b) => b[0] - a[0]);
  const missing = total - counts.reduce((a, b) => a + b, 0);
  for (const [, index] of byRemainder.slice(0, missing)) counts[index] += 1;
  return counts;
}
