// One conversation while it is being written: who says what, and when.
//
// Why it stands here: the scenarios (scenarios.mjs) should read as a list of steps. The phrase, the words
// filled in, the customer's way of typing and the pause before it are settled here.

import { HOUR, MINUTE, clockWords, dateWords, dayWords, greeting, weekdayWords } from './calendar.mjs';
import { typed } from './people.mjs';

const SECOND = 1000;
const whole = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 0 });
const withCents = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 2 });

export class Thread {
  messages = [];

  /** `latest` is when a chat that is being held right now must have come to its last message. */
  constructor({ phrases, person, random, start, latest }) {
    Object.assign(this, { phrases, person, random, time: start, latest });
  }

  /** What is talked about: a service, a professional and a start time. */
  about(visit) {
    this.visit = visit;
    return this;
  }

  /** The customer takes the steps named, one message each. */
  customer(...steps) {
    for (const step of steps) this.say('in', this.random.pick(this.phrases[step]), this.#customerPause());
    return this;
  }

  /** The shop's bot answers. */
  bot(...steps) {
    for (const step of steps) this.say('out', this.random.pick(this.phrases[step]), this.random.int(1500, 7000));
    return this;
  }

  /** A dialogue written out: pairs of direction and text, the shop's part by a person. */
  dialogue(lines) {
    for (const [direction, text] of lines) {
      const pause = direction === 'in' ? this.#customerPause() : this.random.int(25 * SECOND, 6 * MINUTE);
      this.say(direction, text, pause);
    }
    return this;
  }

  say(direction, template, pause) {
    if (this.messages.length > 0) this.time += pause;
    const text = this.#fill(template);
    const content = direction === 'in' ? typed(text, this.person.typing) : text;
    this.messages.push({ direction, content, time: this.time, micros: this.random.int(0, 999) });
  }

  /** Shortens the longest pauses so far until all is said before `latest`: for chats that began just now. */
  fitBeforeLatest() {
    if (this.time <= this.latest) return;
    const first = this.messages[0].time;
    const pauses = this.messages.slice(1).map(({ time }, index) => time - this.messages[index].time);
    const longest = longestPause(pauses, Math.max(this.latest - first, 0));
    let time = first;
    pauses.forEach((pause, index) => {
      time += Math.min(pause, longest);
      this.messages[index + 1].time = time;
    });
    this.time = time;
  }

  #customerPause() {
    const kind = this.random.weighted([['quick', 62], ['soon', 32], ['later', 6]]);
    if (kind === 'quick') return this.random.int(6 * SECOND, 50 * SECOND);
    return kind === 'soon' ? this.random.int(MINUTE, 6 * MINUTE) : this.random.int(20 * MINUTE, 2 * HOUR);
  }

  #fill(template) {
    const text = template.replace(/\{(\w+)\}/g, (_, slot) => this.#slot(slot));
    return text.charAt(0).toUpperCase() + text.slice(1);
  }

  #slot(name) {
    const { service, professional, start, link } = this.visit;
    switch (name) {
      case 'first': return this.person.first;
      case 'full': return this.person.full;
      case 'o': return this.person.sex === 'woman' ? 'a' : 'o'; // obrigad{o}
      case 'hi': return greeting(this.time);
      case 'Hi': return greeting(this.time).replace('b', 'B');
      case 'service': return service.name;
      case 'said': return service.said;
      case 'price': return money(service.price);
      case 'professional': return professional;
      case 'day': return dayWords(start, this.time);
      case 'weekday': return weekdayWords(start);
      case 'date': return dateWords(start);
      case 'time': return clockWords(start);
      case 'other1': return clockWords(start - HOUR);
      case 'other2': return clockWords(start + 1.5 * HOUR);
      case 'link': return link;
      default: throw new Error(`A phrase has the unknown slot {${name}}`);
    }
  }
}

/** The longest that a pause may be for all of them to fit into `span`. */
function longestPause(pauses, span) {
  let left = span;
  const ascending = [...pauses].sort((a, b) => a - b);
  for (const [index, pause] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (pause > share) return share;
    left -= pause;
  }
  return span;
}

/** `R$ 1.190`, or `R$ 38,50`. */
function money(cents) {
  if (cents === null) return 'sem custo';
  return `R$ ${(cents % 100 ? withCents : whole).format(cents / 100)}`;
}
