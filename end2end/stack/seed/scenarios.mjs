// What happens in a conversation, as steps.
//
// Why it stands here: each function is one kind of chat, and returns where it stands: 'open' with the
// bot, 'waiting' for a person, 'human', or 'done'. A booking is followed by `afterBooking`, which goes on
// for days with what the diary says became of the appointment.

import { DAY, HOUR, MINUTE, hourOf, midnight } from './calendar.mjs';

const ASKS_THE_PRICE = 0.4;

export function booking(thread) {
  const { visit, random } = thread;
  thread.customer('hello').bot('welcome').customer('want').bot('askDay').customer('sayDay');
  if (random.chance(0.3)) thread.bot('offerElse').customer('askOther').bot('offerOther');
  else thread.bot('offer');
  thread.customer('pick').bot('askName').customer('sayName');
  if (visit.service.price !== null && random.chance(ASKS_THE_PRICE)) thread.customer('askPrice').bot('price');
  thread.bot(visit.service.online ? 'bookedOnline' : 'booked');
  if (random.chance(0.15)) askAround(thread, random.int(1, 4));
  thread.customer('thanks');
  if (random.chance(0.6)) thread.bot('bye');
  return 'done';
}

/** Reminder, change of mind, no-show, survey: as far as they happened before `now`. */
export function afterBooking(thread, now) {
  const booked = thread.messages.length;
  whatCameOfIt(thread, now);
  thread.messages = thread.messages.filter(({ time }, index) => index < booked || time < now);
}

function whatCameOfIt(thread, now) {
  const { visit, random } = thread;
  if (visit.status === 'cancelled' || visit.status === 'rescheduled') {
    const [from, to] = [thread.time + 10 * MINUTE, Math.min(now, visit.start - HOUR)];
    if (from >= to) return;
    thread.time = timeByDay(random, from, to);
    if (visit.status === 'cancelled') thread.customer('cancel').bot('cancelled');
    else thread.customer('move').bot('moved');
    if (random.chance(0.5)) thread.customer('ok');
    return;
  }
  const reminder = midnight(visit.start) - DAY + 10 * HOUR + random.int(0, 90) * MINUTE;
  if (reminder > thread.time + 2 * HOUR) {
    thread.time = reminder;
    thread.bot('reminder');
    const answers = visit.status === 'confirmed' || (visit.status !== 'scheduled' && random.chance(0.75));
    if (answers) thread.customer('confirm').bot('confirmed');
  }
  if (visit.status === 'no_show') {
    thread.time = visit.end + HOUR;
    thread.bot('missed');
    if (random.chance(0.7)) thread.customer('missedReply');
  }
  if (visit.status === 'completed' && random.chance(0.55)) {
    thread.time = visit.end + random.int(60, 150) * MINUTE;
    thread.bot('survey');
    if (random.chance(0.75)) thread.customer('rating').bot('ratingThanks');
  }
}

/** A time between the two when people are up, if there is one. */
function timeByDay(random, from, to) {
  const times = Array.from({ length: 6 }, () => random.int(from, to));
  return times.find((time) => hourOf(time) >= 8) ?? times[0];
}

export function priceQuestion(thread) {
  const { random } = thread;
  thread.customer('hello').bot('welcome').customer('askPrice').bot('price');
  if (random.chance(0.5)) thread.customer('payment').bot('paymentAnswer');
  if (random.chance(0.25)) return 'open';
  thread.customer('think');
  if (random.chance(0.8)) thread.bot('thinkAnswer');
  return 'done';
}

export function questions(thread) {
  const { random } = thread;
  thread.customer('hello').bot('welcome');
  askAround(thread, random.int(1, 4));
  if (random.chance(0.7)) thread.customer('ok').bot('okAnswer');
  return 'done';
}

function askAround(thread, count) {
  const { random, phrases } = thread;
  for (const [question, answer] of random.sample(phrases.faq, count)) {
    thread.dialogue([['in', question]]).say('out', answer, random.int(1500, 5000));
  }
}

export function withPerson(thread) {
  const { random, phrases } = thread;
  const lines = random.pick(phrases.human);
  const upTo = random.chance(0.75) ? lines.length : random.int(1, lines.length - 1);
  thread.customer('hello').bot('welcome').dialogue(lines.slice(0, 1)).bot('transfer').dialogue(lines.slice(1, upTo));
  if (upTo === lines.length) return 'done';
  return lines[upTo - 1][0] === 'in' ? 'waiting' : 'human';
}

export function cameToNothing(thread) {
  const { random } = thread;
  const kind = random.pick(['wrong', 'voice', 'silent']);
  if (kind === 'wrong') thread.customer('wrong').bot('wrongAnswer');
  else if (kind === 'voice') thread.customer('voice').bot('voiceAnswer');
  else thread.customer('hello').bot('welcome');
  if (kind === 'silent' && random.chance(0.6)) {
    thread.time += random.int(30, 180) * MINUTE;
    thread.bot('nudge');
  }
  return kind === 'wrong' ? 'done' : 'open';
}
