// Days as both demo tenants live them: São Paulo and Recife are three hours behind UTC all year.

const ZONE = 'America/Sao_Paulo';
const OFFSET = '-03:00';

/** Today there, or `days` from it, as 2026-11-24. */
export function isoDay(days = 0) {
  const noon = new Date(`${new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(new Date())}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() + days);
  return noon.toISOString().slice(0, 10);
}

/** The first instant of that day, as a query wants it. */
export function startOf(days) {
  return encodeURIComponent(`${isoDay(days)}T00:00:00${OFFSET}`);
}

/** `terça, 24 de novembro`, as the pages call a day (with its year when that is not this one). */
export function dayInWords(days) {
  const part = (options) => new Intl.DateTimeFormat('pt-BR', { timeZone: 'UTC', ...options }).format(new Date(`${isoDay(days)}T12:00:00Z`));
  const year = isoDay(days).slice(0, 4);
  const weekday = part({ weekday: 'long' }).replace('-feira', '');
  const words = `${weekday}, ${part({ day: 'numeric' })} de ${part({ month: 'long' })}`;
  return year === isoDay().slice(0, 4) ? words : `${words} de ${year}`;
}

/** `14:30` on the tenants' clocks. */
export function clock(instant) {
  return new Intl.DateTimeFormat('pt-BR', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
}
