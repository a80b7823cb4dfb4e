// Random choices that come out the same each time.
//
// Why it stands here: the demo's data must be as varied as real data and yet equal at each start, so
// that a test can name a row. `fork` gives every thing its own stream: a change in one place does not
// shift all that follows.

export class Random {
  #label;
  #state;

  constructor(label) {
    this.#label = label;
    this.#state = hash(label);
  }

  /** A stream of its own for `name`, whatever was drawn from this one. */
  fork(name) {
    return new Random(`${this.#label}/${name}`);
  }

  /** From 0 up to but not including 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.int(0, list.length - 1)];
  }

  /** One of `pairs`, each `[value, weight]`. */
  weighted(pairs) {
    let left = this.next() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
    return (pairs.find(([, weight]) => (left -= weight) < 0) ?? pairs.at(-1))[0];
  }

  /** `count` different elements, in random order. */
  sample(list, count) {
    const rest = [...list];
    return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(this.int(0, rest.length - 1), 1)[0]);
  }
}

/** FNV-1a. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0), 0x01000193);
  return value;
}
