// All rows of one project, from its facts and the instant of the start.
//
// Why it stands here: a pure function. The same project and instant give the same rows; at another
// instant the people and the shape of the data stay, and the dates move along.

import { placeAppointments } from './appointments.mjs';
import { DAY, HOUR, MINUTE } from './calendar.mjs';
import { conversationStarts } from './chats.mjs';
import { nastyConversations } from './nasty.mjs';
import { People } from './people.mjs';
import { Random } from './random.mjs';
import * as scenarios from './scenarios.mjs';
import { Thread } from './thread.mjs';
import { toRows } from './rows.mjs';

const SEED = 'painel-1';
const CHOICE_OF_VISITS = 20; // a booking takes one of the next so many free ones
const NASTY_EVERY = 18 * MINUTE;
const BETWEEN_NASTY = 2; // at most so many others: the nasty ones are on a page of fifty at any hour, also on a busy one

const KINDS = [
  ['booking', 52],
  ['priceQuestion', 16],
  ['questions', 14],
  ['withPerson', 9],
  ['cameToNothing', 9],
];

/** `{ conversations, messages, appointments }`: arrays of rows, their columns in the tables' order. */
export function generate({ slug, business }, now) {
  const random = new Random(`${SEED}/${slug}`);
  const diary = placeAppointments(business, random.fork('diary'), now);
  for (const visit of diary) if (visit.service.online) visit.link = meetLink(visit.random);

  const people = new People(random.fork('people'), business);
  const chats = conversationStarts(business, random.fork('starts'), now).map((start, index) =>
    converse({ business, diary, person: people.next(), random: random.fork(`chat${index}`), start, now }),
  );
  const ends = nastyEnds(chats, now);
  chats.push(...nastyConversations.map((nasty, index) => nastyChat(nasty, people.next(), ends[index])));
  giveNastyNames(diary, chats, now);

  for (const visit of diary) visit.customer ??= people.next();
  return toRows({ business, chats, diary, random: random.fork('rows') });
}

function converse({ business, diary, person, random, start, now }) {
  let kind = random.weighted(KINDS);
  const visit = kind === 'booking' ? freeVisit(diary, start, random) : undefined;
  if (kind === 'booking' && !visit) kind = 'priceQuestion';

  const untilNow = now - random.int(10_000, Math.max(10_000, Math.floor((now - start) / 4)));
  const latest = visit ? Math.min(untilNow, visit.start - HOUR) : untilNow;
  const thread = new Thread({ phrases: business.phrases, person, random, start, latest });
  thread.about(visit ?? imagined(business, random, start));
  const standing = scenarios[kind](thread);
  thread.fitBeforeLatest();
  if (visit) scenarios.afterBooking(thread, now);

  const chat = { person, name: person.display, messages: thread.messages, status: status(standing, thread, random, now) };
  if (visit) Object.assign(visit, { chat, customer: person });
  return chat;
}

/** A visit that nobody's chat has booked yet, some hours to two weeks after `start`. */
function freeVisit(diary, start, random) {
  const free = [];
  for (const visit of diary) {
    if (visit.start > start + 14 * DAY || free.length === CHOICE_OF_VISITS) break;
    if (visit.start > start + 3 * HOUR && !visit.chat) free.push(visit);
  }
  return free.length ? random.pick(free) : undefined;
}

/** Something to talk about when nothing gets booked. */
function imagined(business, random, start) {
  const { name, services } = random.pick(business.professionals);
  const priced = services.map((key) => business.services[key]).filter(({ price }) => price !== null);
  return { professional: name, service: random.pick(priced), start: start + random.int(1, 5) * DAY };
}

function status(standing, thread, random, now) {
  const idle = now - thread.messages.at(-1).time;
  if (idle > 2 * DAY) return random.weighted([['closed', 95], ['waiting', 2], ['human', 2], ['bot', 1]]);
  if (standing === 'open') return 'bot';
  if (standing === 'done') return idle < HOUR || random.chance(0.5) ? 'bot' : 'closed';
  return standing;
}

/** When each of the nasty chats has its last message: the newest first. */
function nastyEnds(chats, now) {
  const others = chats.map(({ messages }) => messages.at(-1).time).sort((a, b) => b - a);
  return nastyConversations.map((_, index) => Math.max(now - NASTY_EVERY * (index + 0.4), others[BETWEEN_NASTY * (index + 1)] + 1));
}

function nastyChat({ name, messages }, person, end) {
  const timed = messages.map(([direction, content], index) => ({
    direction, content, time: end - (messages.length - 1 - index) * 15_000, micros: index,
  }));
  return { person, name, messages: timed, status: messages.at(-1)[0] === 'in' ? 'waiting' : 'bot', nasty: true };
}

/** The next few appointments get customers whose names are nasty. */
function giveNastyNames(diary, chats, now) {
  const next = diary.filter(({ start, chat }) => start > now && !chat);
  for (const chat of chats.filter(({ nasty, name }) => nasty && name?.length > 10)) {
    const visit = next.shift();
    if (visit) Object.assign(visit, { chat, customer: { full: chat.name, phone: chat.person.phone } });
  }
}

function meetLink(random) {
  const letters = (count) => Array.from({ length: count }, () => String.fromCharCode(97 + random.int(0, 25))).join('');
  return `https://meet.google.com/${letters(3)}-${letters(4)}-${letters(3)}`;
}
