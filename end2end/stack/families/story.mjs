// The one story that all families' tables tell: who wrote what and when, and what was booked.
//
// Why it stands here: the families differ in their tables alone, so whoever reads them right sees the same people, messages
// and appointments everywhere. A pure function of the instant; the people stay the same at each start.

import { DAY, HOUR, MINUTE, midnight } from '../seed/calendar.mjs';
import { Random } from '../seed/random.mjs';
import { AREA_CODES, BY_HAND, EXCHANGES, FAMILY_NAMES, FIRST_NAMES, GROUP, PROFESSIONALS, SERVICES } from './talk.mjs';

const SEED = 'painel-families-1';
const SECOND = 1000;
const PEOPLE = 130;
const APPOINTMENTS = 60;
const DAYS = 20; // back and ahead

// Others write before the newest quarter of an hour, each exchange in two minutes of its own: so no two turns have one
// instant, and whoever has the last question also has the last answer.
const QUIET = 15 * MINUTE;
const SLOT = 2 * MINUTE;
const SLOTS = Math.floor((DAYS * DAY - QUIET) / SLOT);
const BETOS_SLOT = 1440;

const PAST = [['completed', 70], ['no_show', 15], ['cancelled', 15]];
const AHEAD = [['scheduled', 45], ['confirmed', 45], ['cancelled', 10]];

const PHOTOS = [
  { question: '', media: 'audio', answers: ['Ainda não ouço áudio. Pode escrever?'] },
  { question: 'Quero ficar assim', media: 'image', answers: ['Que lindo!', 'Tem foto de antes?'] },
  { question: '', media: 'image', answers: ['Recebi, obrigada!'] },
];

/**
 * `{ people, group, appointments }`, times in milliseconds. A person has `turns` in the order of time: `author` ('contact',
 * 'bot' or 'human'), `at`, the `texts` of its bubbles and, for a photo or a voice message, `media`; a text may then be empty.
 */
export function tellStory(instant) {
  const now = Math.floor(instant / SECOND) * SECOND;
  const random = new Random(SEED);
  const people = [ana(now), beto(now), ...others(random.fork('people'), now)];
  const newestFirst = people.toSorted((a, b) => b.turns.at(-1).at - a.turns.at(-1).at);
  const group = { ...GROUP, messages: GROUP.texts.map((text, index) => ({ text, at: now - (5 - index) * MINUTE })) };
  return { people: newestFirst, group, appointments: bookings(random.fork('bookings'), people, now) };
}

/** All turns of all people, oldest first, each with its `person`. */
export function turnsInOrder({ people }) {
  const turns = people.flatMap((person) => person.turns.map((turn) => ({ ...turn, person })));
  return turns.sort((a, b) => a.at - b.at);
}

/** All bubbles, oldest first: turns of one `text` each. */
export function bubblesInOrder(story) {
  return turnsInOrder(story).flatMap(({ texts, ...turn }) => texts.map((text) => ({ ...turn, text })));
}

/** Somebody who must not be shown: another tenant's, or deleted. Nobody of the story is from area 61. */
export function outsider(name, number, at, text) {
  return { name, phone: `+556196000000${number}`, standing: 'waiting', turns: [turn('contact', at, [text])] };
}

/** The story as a reader should see it, for the ready file. */
export function asRead({ people, appointments }) {
  const iso = (time) => new Date(time).toISOString();
  return {
    people: people.map(({ phone, name, turns }) => ({
      phone,
      name,
      last: turns.at(-1).texts.at(-1),
      messages: turns.flatMap(({ author, texts, at, media }) => texts.map((text) => ({ author, text, at: iso(at), media }))),
    })),
    appointments: appointments.map(({ person, starts, ...booked }) => ({
      name: person.name,
      phone: person.phone,
      starts: iso(starts),
      ...booked,
    })),
  };
}

function ana(now) {
  const asked = now - 10 * MINUTE;
  const turns = [turn('contact', asked, ['Quero marcar']), turn('bot', asked + 5 * SECOND, ['Claro!', 'Qual dia?'])];
  return { name: 'Ana Prado', phone: '+5511987654321', standing: 'bot', turns };
}

/** With a landline, which has no ninth digit. */
function beto(now) {
  const asked = startOf(BETOS_SLOT, now);
  const turns = [
    turn('contact', asked, ['Vocês abrem no feriado?']),
    turn('bot', asked + 7 * SECOND, ['Neste não.']),
    turn('contact', now - MINUTE, ['Bom dia']),
  ];
  return { name: 'Beto Lins', phone: '+558133334444', standing: 'waiting', turns };
}

/** One of them from abroad, one with photos and a voice message. */
function others(random, now) {
  const slots = takeSlots();
  const numbers = new Set();
  return Array.from({ length: PEOPLE - 2 }, (_, index) => {
    const own = random.fork(index);
    const person = { name: nameOf(index), phone: index === 0 ? '+351921000321' : mobile(own, numbers) };
    const said = index === 1 ? PHOTOS : exchanges(own);
    const turns = slots(own, said.length).flatMap((slot, place) => {
      const asked = startOf(slot, now) + own.int(0, 30) * SECOND;
      const { question, media, answers, author = 'bot' } = said[place];
      const answered = asked + own.int(4, 80) * SECOND;
      return [turn('contact', asked, [question], media), ...(answers ? [turn(author, answered, answers)] : [])];
    });
    return { ...person, standing: standing(turns), turns };
  });
}

function turn(author, at, texts, media) {
  return { author, at, texts, media };
}

function standing(turns) {
  if (turns.some(({ author }) => author === 'human')) return 'human';
  return turns.at(-1).author === 'contact' ? 'waiting' : 'bot';
}

/** Two or three exchanges: three to eight bubbles. The last question may be without an answer, or be answered by hand. */
function exchanges(random) {
  const said = random.sample(EXCHANGES, random.int(2, 3)).map(([question, answers]) => ({ question, answers }));
  const last = said.at(-1);
  const end = random.weighted([['bot', 65], ['unanswered', 25], ['human', 10]]);
  if (end === 'unanswered') delete last.answers;
  else if (end === 'human') Object.assign(last, { author: 'human', answers: [random.pick(BY_HAND)] });
  else last.answers = last.answers.slice(0, 1);
  return said;
}

/** Gives `count` slots of a conversation, oldest first; a higher number is longer ago. */
function takeSlots() {
  const taken = new Set([BETOS_SLOT]);
  return (random, count) => {
    let slot = random.int(0, SLOTS - 100);
    return Array.from({ length: count }, () => {
      while (taken.has(slot)) slot += 1;
      taken.add(slot);
      const found = slot;
      slot += random.int(1, 5);
      return found;
    }).reverse();
  };
}

function startOf(slot, now) {
  return now - QUIET - (slot + 1) * SLOT;
}

/** A name for each index, none twice. */
function nameOf(index) {
  const round = Math.floor(index / FIRST_NAMES.length);
  const first = index % FIRST_NAMES.length;
  return `${FIRST_NAMES[first]} ${FAMILY_NAMES[(first + round * 5) % FAMILY_NAMES.length]}`;
}

function mobile(random, numbers) {
  const phone = `+55${random.pick(AREA_CODES)}9${random.int(6, 9)}${String(random.int(0, 9_999_999)).padStart(7, '0')}`;
  if (numbers.has(phone)) return mobile(random, numbers);
  numbers.add(phone);
  return phone;
}

/** Spread over the days, the first first, each at an instant of its own; Ana and Beto have some, past and to come. */
function bookings(random, people, now) {
  const booked = Array.from({ length: APPOINTMENTS }, (_, index) => {
    const own = random.fork(index);
    const day = Math.floor((index * (2 * DAYS + 1)) / APPOINTMENTS) - DAYS;
    const { online, ...sold } = own.pick(SERVICES);
    // The morning for one, the afternoon for the next: two of one day never begin together.
    const quarter = index % 2 === 0 ? own.int(0, 19) : own.int(20, 36);
    const starts = midnight(now) + day * DAY + 8 * HOUR + quarter * 15 * MINUTE;
    return {
      person: index % 10 === 0 ? people[(index / 10) % 2] : own.pick(people),
      ...sold,
      professional: own.chance(0.9) ? own.pick(PROFESSIONALS) : null,
      starts,
      status: own.weighted(starts < now ? PAST : AHEAD),
      link: online ? `https://meet.example/sala-${100 + index}` : null,
    };
  });
  return booked.sort((a, b) => a.starts - b.starts);
}
