// Many sign in at the same time. How many can is set by the processors that hash (permits) and by how long a hash takes; everybody
// else's pages must hardly notice. Right passwords of many people: a wrong one would have its account wait, and hash nothing.
import { agent, attempt, by, compare, figure, interleave, median, p99, quartiles } from '../measure.mjs';
import { repeat, repeatFor, row, sleep } from '../measure.mjs';
import { timeOf } from '../criterion.mjs';
import { PEOPLE, clinic, gateway, permits, person, sharedServer, signIn, visitor } from '../world.mjs';

/** Sign-ins under way: more than permits, fewer than the gate lets wait. */
const DOORS = 8;
const ROUNDS = 4;
const LASTS = 4_000;
const NANOSECONDS = 1e9; // in a second

export default async function signIns() {
  const server = await sharedServer();
  return [
    ...(await attempt('sign-ins/s ÷ (permits ÷ hash time)', () => rate(server))),
    // One visitor who never rests; and eight, whose project is as far away as real ones are.
    ...(await attempt('p99 of pages during a sign-in flood, project 0 ms away', () => others(server, 0, 1))),
    ...(await attempt('p99 of pages during a sign-in flood, project 50 ms away', () => others(server, 50, 8))),
  ];
}

async function rate(server) {
  const hash = timeOf('password/verify').ns / NANOSECONDS;
  const most = permits / hash;
  const rates = await repeat(ROUNDS + 1, () => flood(server, () => sleep(LASTS)).then((flooded) => flooded.rate));
  const parts = rates.slice(1).map((one) => one / most);
  const behind = `${figure(median(rates.slice(1)))} a second ÷ (${permits} ÷ ${figure(hash * 1000)} ms)`;
  return [row('sign-ins/s ÷ (permits ÷ hash time)', median(parts), { spread: quartiles(parts), least: 0.9, behind })];
}

async function others(server, latency, several) {
  const gate = gateway(clinic);
  const visitors = await repeat(several, (n) => visitor(server, person('c', n)));
  const look = () => repeatFor(LASTS, several, async (who) => (await visitors[who].page('/conversations')).ms);
  await gate.latency(latency);
  try {
    const { flooded, quiet } = await interleave(ROUNDS, {
      flooded: async () => (await flood(server, look)).came,
      quiet: look,
    });
    const ratio = compare(flooded, quiet, p99);
    const name = `p99 of /conversations during a sign-in flood ÷ without, project ${latency} ms away`;
    const behind = `${by(ratio, 'ms')}, of ${several} at a time; p50 ${by(compare(flooded, quiet), 'ms')}`;
    return [row(name, ratio.value, { ...ratio, most: 1.5, behind })];
  } finally {
    await gate.latency(0);
  }
}

/** Has people sign in as fast as they are let in while `work` is done; gives what came of it, and sign-ins a second. */
async function flood(server, work) {
  const through = agent(DOORS);
  let going = true;
  let entered = 0;
  const door = async (first) => {
    // Each door has its own people: two tries of one account would wait for each other.
    for (let number = first; going; number = number + DOORS < PEOPLE ? number + DOORS : first) {
      await signIn(server, person('m', 0, number), through);
      entered += 1;
    }
  };
  const doors = Promise.all(Array.from({ length: DOORS }, (_, first) => door(first)));
  doors.catch(() => {}); // told below
  const began = performance.now();
  const came = await work();
  const seconds = (performance.now() - began) / 1000;
  const inTime = entered;
  going = false;
  await doors;
  through.destroy();
  return { came, rate: inTime / seconds };
}
