// The diary of one business: 90 days back, today, and 30 days ahead.
//
// Why it stands here: appointments come first and conversations are matched to them (generate.mjs), so
// that what is said in a chat is what stands in the diary.

import { DAY, HOUR, MINUTE, hourOf, midnight, shareOut, weekday } from './calendar.mjs';

const DAYS_BACK = 90;
const DAYS_AHEAD = 30;
const QUARTER = 15 * MINUTE;
const FEWEST_SOON = 4; // today and the next days are never empty, Sundays included
const TRIES_FOR_A_GAP = 12;
const SQUEEZED_IN = 0.02; // share that is put on top of another one on purpose
const LAST_START_HOUR = 22;

/** `[{ service, professional, start, end, status, random }]`, ordered by start. */
export function placeAppointments(business, random, now) {
  const today = midnight(now);
  const days = Array.from({ length: DAYS_BACK + DAYS_AHEAD + 1 }, (_, index) => today + (index - DAYS_BACK) * DAY);
  const counts = shareOut(business.appointments, days.map((day) => load(business, day, today)));
  for (let soon = DAYS_BACK; soon < DAYS_BACK + 3; soon++) {
    while (counts[soon] < FEWEST_SOON) {
      counts[counts.indexOf(Math.max(...counts))] -= 1;
      counts[soon] += 1;
    }
  }
  const diary = days.flatMap((day, index) => placeDay(business, random.fork(index), day, counts[index]));
  putSomeLaterToday(diary, now);
  for (const visit of diary) visit.status = status(visit, now);
  return diary.sort((a, b) => a.start - b.start);
}

/** The further ahead, the fewer are booked yet. */
function load(business, day, today) {
  const ahead = Math.max(0, (day - today) / DAY);
  return business.visitsByWeekday[weekday(day)] * (ahead === 0 ? 1 : Math.max(0.12, 0.9 - 0.03 * ahead));
}

function placeDay(business, random, day, count) {
  const [opens, closes] = business.openingHours[weekday(day)];
  const working = business.professionals.filter(({ days }) => days.includes(weekday(day)));
  const placed = [];
  for (let index = 0; index < count; index++) {
    const own = random.fork(index);
    const visit = { random: own };
    for (let attempt = 0; attempt < TRIES_FOR_A_GAP; attempt++) {
      const professional = own.pick(working);
      const service = own.weighted(professional.services.map((key) => [business.services[key], business.services[key].weight]));
      const quarters = ((closes - opens) * HOUR - service.minutes * MINUTE) / QUARTER;
      const start = day + opens * HOUR + own.int(0, Math.floor(quarters)) * QUARTER;
      Object.assign(visit, { professional: professional.name, service, start, end: start + service.minutes * MINUTE });
      if (own.chance(SQUEEZED_IN) || !placed.some((other) => overlap(other, visit))) break;
    }
    placed.push(visit);
  }
  return placed;
}

function overlap(a, b) {
  return a.professional === b.professional && a.start < b.end && b.start < a.end;
}

/** Whoever opens the demo before late evening finds something still to come today. */
function putSomeLaterToday(diary, now) {
  const today = diary.filter(({ start }) => midnight(start) === midnight(now));
  const past = today.filter(({ start }) => start <= now);
  const missing = 3 - (today.length - past.length);
  past.slice(0, Math.max(0, missing)).forEach((visit, index) => {
    const start = Math.ceil(now / QUARTER) * QUARTER + QUARTER * (1 + 3 * index);
    if (midnight(start) !== midnight(now) || hourOf(start) >= LAST_START_HOUR) return;
    visit.end += start - visit.start;
    visit.start = start;
  });
}

function status({ start, end, random }, now) {
  if (end <= now) {
    return random.weighted([['completed', 80], ['no_show', 7], ['cancelled', 7], ['rescheduled', 4], ['confirmed', 2]]);
  }
  if (start <= now) return 'confirmed';
  const soon = start - now < 2 * DAY;
  return random.weighted([['scheduled', soon ? 25 : 60], ['confirmed', soon ? 67 : 32], ['cancelled', 5], ['rescheduled', 3]]);
}
