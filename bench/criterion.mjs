// Runs micro-benchmarks (server/benches/micro) on the server's core and reads what criterion wrote down.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quartiles } from './measure.mjs';
import { beside, program, scratch } from './world.mjs';

const known = new Map();

/** One function's time, `group/name`: median and quartiles, in nanoseconds. Measured when it is first asked for. */
export function timeOf(id) {
  if (!known.has(id)) known.set(id, measure(id));
  return known.get(id);
}

function measure(id) {
  const home = scratch();
  const [command, args] = beside(program('micro'), ['--bench', '--noplot', '--warm-up-time', '1', '--measurement-time', '4', id]);
  const done = spawnSync(command, args, { env: { PATH: process.env.PATH, CRITERION_HOME: home }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${id}: ${done.error?.message ?? done.stderr.trim()}`);
  const read = (name) => JSON.parse(readFileSync(join(home, id, 'new', name), 'utf8'));
  const { iters, times } = read('sample.json');
  return { ns: read('estimates.json').median.point_estimate, spread: quartiles(times.map((ns, at) => ns / iters[at])) };
}
