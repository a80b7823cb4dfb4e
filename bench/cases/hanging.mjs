// One tenant's project takes every question and never answers, while the tenant's people go on asking; the others must not notice.
// Without it the same people ask as often, and are answered. Each round has another tenant: a breaker leaves a hanging project
// alone after a while, and then nothing hangs any more.
import { attempt, by, compare, interleave, p99, repeat, repeatFor, row, sleep } from '../measure.mjs';
import { barber, clinic, gateway, person, sharedServer, visitor } from '../world.mjs';

const ROUNDS = 4;
const LASTS = 4_000;
/** From one look of the tenant's people to the next, in milliseconds. */
const PACE = 100;

export default async function hanging() {
  const server = await sharedServer();
  return [
    ...(await attempt('p99 beside a hanging project, all 0 ms away', () => beside(server, 0, 1, 0))),
    ...(await attempt('p99 beside a hanging project, all 50 ms away', () => beside(server, 50, 8, ROUNDS + 1))),
  ];
}

/** `several` look at pages while one after the other of the tenants from `first` on is troubled. */
async function beside(server, latency, several, first) {
  const [ours, theirs] = [gateway(clinic), gateway(barber)];
  const troubled = await repeat(ROUNDS + 1, (n) => visitor(server, person('b', first + n)));
  const visitors = await repeat(several, (n) => visitor(server, person('c', n)));
  const arm = (mode) => async (round) => {
    await theirs.fault(mode);
    const stop = keepAsking(server, troubled[round].cookie);
    await sleep(500); // until all of the tenant's places hang
    const times = await repeatFor(LASTS, several, async (who) => (await visitors[who].page('/conversations')).ms);
    await theirs.fault('none');
    await stop();
    return times;
  };
  for (const gate of [ours, theirs]) await gate.latency(latency);
  try {
    // Well before ill in every round: afterwards the breaker would answer for a tenant that is well again.
    const rounds = await interleave(ROUNDS, { both: async (round) => [await arm('none')(round), await arm('hang')(round)] });
    const [well, ill] = [0, 1].map((at) => rounds.both.map((both) => both[at]));
    const ratio = compare(ill, well, p99);
    const name = `p99 of others’ pages while a project hangs ÷ while it answers, all ${latency} ms away`;
    return [row(name, ratio.value, { ...ratio, most: 1.2, behind: `${by(ratio, 'ms')}, of ${several} at a time` })];
  } finally {
    await theirs.fault('none');
    for (const gate of [ours, theirs]) await gate.latency(0);
  }
}

/** Looks at a page ten times a second, whatever becomes of it; the function that comes ends that, and waits for what is under way. */
function keepAsking({ base }, cookie) {
  const under = new Set();
  const timer = setInterval(() => {
    const look = fetch(`${base}/conversations`, { headers: { cookie, accept: 'text/html' } })
      .then((answer) => answer.text())
      .catch(() => {})
      .finally(() => under.delete(look));
    under.add(look);
  }, PACE);
  return async () => {
    clearInterval(timer);
    await Promise.all(under);
  };
}
