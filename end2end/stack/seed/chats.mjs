// When conversations begin: 90 days of them up to this instant, thick where people write.
//
// Why it stands here: the overview counts them by day and hour, so the demo must look like a week of a
// real shop, and be alive whenever it is started: some today, some within the last hour.

import { DAY, HOUR, MINUTE, hourOf, midnight, shareOut, weekday } from './calendar.mjs';

const DAYS = 91;
const FEWEST_TODAY = 14;
const BY_HOUR = [1, 0.5, 0.2, 0.2, 0.2, 0.5, 2, 4, 7, 9, 10, 10, 8, 8, 9, 9, 9, 9, 10, 10, 9, 7, 4, 2];
const JUST_NOW = [2 * MINUTE, 9 * MINUTE, 23 * MINUTE, 44 * MINUTE]; // ago

/** Start times of the business's conversations, in order. */
export function conversationStarts(business, random, now) {
  const today = midnight(now);
  const days = Array.from({ length: DAYS }, (_, index) => today + (index - DAYS + 1) * DAY);
  const elapsed = (now - today) / DAY;
  const counts = shareOut(
    business.conversations,
    days.map((day, index) => {
      const growth = 0.8 + (0.4 * index) / DAYS;
      const luck = 0.85 + 0.3 * random.fork(`day${index}`).next();
      return business.chatsByWeekday[weekday(day)] * growth * luck * (day === today ? elapsed : 1);
    }),
  );
  while (counts.at(-1) < FEWEST_TODAY) {
    counts[counts.indexOf(Math.max(...counts))] -= 1;
    counts[DAYS - 1] += 1;
  }
  const starts = days.flatMap((day, index) => {
    const own = random.fork(`times${index}`);
    return Array.from({ length: counts[index] }, () => timeOn(day, own, now));
  });
  JUST_NOW.forEach((ago, index) => {
    const start = now - ago;
    if (start > today) starts[starts.length - 1 - index] = start;
  });
  return starts.sort((a, b) => a - b);
}

/** A time on `day`, before `now`. */
function timeOn(day, random, now) {
  const latest = Math.max(Math.min(day + DAY, now) - 1, day);
  const hour = random.weighted(BY_HOUR.slice(0, hourOf(latest) + 1).map((weight, index) => [index, weight]));
  const from = day + hour * HOUR;
  return from + Math.floor(random.next() * Math.min(HOUR, latest - from));
}
