// Single functions, measured by criterion.
import { attempt, row } from '../measure.mjs';
import { timeOf } from '../criterion.mjs';

const MICROSECONDS = 1_000; // in nanoseconds

export default async function micro() {
  const measured = (name, id, more) =>
    attempt(name, () => {
      const { ns, spread } = timeOf(id);
      return [row(name, ns / MICROSECONDS, { unit: 'µs', spread: spread.map((value) => value / MICROSECONDS), ...more })];
    });
  return [
    ...(await measured('seal + open of a credential', 'vault/seal_and_open', { most: 10, behind: 'a field of 512 bytes' })),
    ...(await measured('reading and mapping 50 rows', 'mapping/fifty_rows', { behind: 'from the answer’s text to conversations' })),
  ];
}
