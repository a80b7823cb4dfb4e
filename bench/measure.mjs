// How things are measured here: requests over kept connections, rounds of all sides in turn, medians and quartiles.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** Of a clock tick, in which the kernel counts processor time; 100 a second on every Linux. */
const TICKS = 100;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Kept connections, so many at most. */
export const agent = (most = 1) => new Agent({ keepAlive: true, maxSockets: most });

/** Fetches a URL whole: status, headers, body, and milliseconds to the body's first byte and to its end. */
export function fetchOnce(through, url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const since = () => performance.now() - began;
    const call = request(url, { agent: through, headers, method }, (answer) => {
      let first;
      const pieces = [];
      answer.on('data', (piece) => {
        first ??= since();
        pieces.push(piece);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        const ms = since();
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces), first: first ?? ms, ms });
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/**
 * Asks for one page over and over on several connections, for so many milliseconds; gives how often it came. By bare sockets: a
 * client that takes apart what it reads would be the slowest part.
 */
export async function pump({ port, path, headers = {}, connections, ms }) {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const question = `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  const until = performance.now() + ms;
  const counts = await Promise.all(Array.from({ length: connections }, () => drain(port, question, until)));
  return counts.reduce((sum, count) => sum + count, 0);
}

function drain(port, question, until) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let answers = 0;
    let left; // bytes of the body yet to come: unknown before its head, infinite where its last piece says that it is the last
    let tail = '';
    const ask = () => {
      left = undefined;
      tail = '';
      socket.write(question);
    };
    socket.on('connect', ask);
    socket.on('data', (piece) => {
      if (left === undefined) {
        const end = piece.indexOf('\r\n\r\n');
        const head = piece.toString('latin1', 0, Math.max(end, 0));
        if (!head.startsWith('HTTP/1.1 200 ')) return socket.destroy(new Error(`an answer begins with ${head.slice(0, 40)}`));
        left = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? Infinity);
        piece = piece.subarray(end + 4);
      }
      if (left === Infinity) {
        tail = (tail + piece.toString('latin1', Math.max(0, piece.length - 5))).slice(-5);
        if (tail !== '0\r\n\r\n') return;
      } else {
        left -= piece.length;
        if (left > 0) return;
      }
      answers += 1;
      if (performance.now() < until) return ask();
      resolve(answers);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('a connection ended in the middle')));
  });
}

/** Does something `count` times, one after the other; gives what came. */
export async function repeat(count, once) {
  const all = [];
  for (let n = 0; n < count; n++) all.push(await once(n));
  return all;
}

/** The same until so many milliseconds are over, by several at a time. */
export async function repeatFor(ms, several, once) {
  const until = performance.now() + ms;
  const all = [];
  const one = async (who) => {
    for (let n = 0; performance.now() < until; n++) all.push(await once(who, n));
  };
  await Promise.all(Array.from({ length: several }, (_, who) => one(who)));
  return all;
}

/**
 * Has every arm run once a round, in turned order each time, after a round that only warms up. Gives each arm's samples, a list
 * a round.
 */
export async function interleave(rounds, arms) {
  const names = Object.keys(arms);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const came = await arms[name](round);
      if (round > 0) samples[name].push(came);
    }
  }
  return samples;
}

/** The value below which this part of them lies. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);
export const p99 = (values) => quantile(values, 0.99);
export const quartiles = (values) => [quantile(values, 0.25), quantile(values, 0.75)];

/** One side by the other: the median of the rounds' ratios, their quartiles, and both sides over all rounds. */
export function compare(ours, theirs, of = median) {
  const ratios = ours.map((samples, round) => of(samples) / of(theirs[round]));
  return { value: median(ratios), spread: quartiles(ratios), ours: of(ours.flat()), theirs: of(theirs.flat()) };
}

/** What a process has used of all processors, in seconds. */
export function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** The memory that a process has, in MB. */
export function memory(pid) {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n').find((text) => text.startsWith('VmRSS'));
  return Number(line.replace(/\D/g, '')) / 1024;
}

/** A row of the table. With a goal it is one of `most` or `least`; `behind` is what the value was made from. */
export function row(name, value, { unit = '', spread, most, least, behind = '' } = {}) {
  const goal = most === undefined && least === undefined ? '' : most === undefined ? `≥ ${least}` : `≤ ${most}`;
  const met = goal === '' ? '' : value <= (most ?? Infinity) && value >= (least ?? -Infinity) ? 'yes' : 'no';
  const shown = (number) => (unit === '' ? figure(number) : `${figure(number)} ${unit}`);
  const between = spread ? spread.map(figure).join('–') : '';
  return { name, value: shown(value), spread: between, goal: goal && unit ? `${goal} ${unit}` : goal, met, behind };
}

/** A row for what could not be measured. */
export function unmeasured(name, error) {
  const value = `not measured: ${error.message.split('\n')[0]}`;
  return { name, value, spread: '', goal: '', met: '', behind: '', failed: true };
}

/** The rows of a measurement, or one that says why there are none. */
export async function attempt(name, measure) {
  try {
    return await measure();
  } catch (error) {
    console.error(error);
    return [unmeasured(name, error)];
  }
}

/** A number with as many digits as mean something. */
export function figure(number) {
  const size = Math.abs(number);
  return number.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** `6.1 ÷ 3.3 ms` */
export const by = ({ ours, theirs }, unit) => `${figure(ours)} ÷ ${figure(theirs)} ${unit}`;
