// An installation of 10,000 tenants beside one of ten: two servers, asked in turn. Every tenant has its key, a person and a sealed
// connection; of the many, 200 are looked at, and of the few as many people, so that both have done the same work when their memory
// is read. Checks of connections are not due during the run.
import { agent, by, compare, fetchOnce, figure, interleave, median, p99, repeatFor, row, sleep } from '../measure.mjs';
import { clinic, installation, person, signIn } from '../world.mjs';

const [FEW, MANY] = [10, 10_000];
const VISITORS = 200;
const ROUNDS = 6;
const LASTS = 4_000;
/** Signing in and looking about at a time. */
const SEVERAL = 4;

export default async function tenants() {
  const each = VISITORS / FEW;
  const few = await inhabited(FEW, each, (n) => person('t', n % FEW, Math.floor(n / FEW)));
  const many = await inhabited(MANY, 1, (n) => person('t', n * (MANY / VISITORS)));
  try {
    await sleep(2_000);
    const [small, large] = [few.server.memory(), many.server.memory()];
    const arm = ({ look }) => () => repeatFor(LASTS, 1, (_, n) => look(n % VISITORS, '/conversations'));
    const times = await interleave(ROUNDS, { many: arm(many), few: arm(few) });
    const of = (part, most, which) => {
      const ratio = compare(times.many, times.few, part);
      return row(`10 → 10,000 tenants: ${which} of /conversations`, ratio.value, { ...ratio, most, behind: by(ratio, 'ms') });
    };
    return [
      of(median, 1.1, 'p50'),
      of(p99, 1.3, 'p99'),
      row('10 → 10,000 tenants: memory', large - small, {
        unit: 'MB',
        most: 60,
        behind: `${figure(large)} − ${figure(small)} MB, after ${VISITORS} people looked at two pages each`,
      }),
    ];
  } finally {
    for (const { server, made } of [few, many]) {
      await server.stop();
      made.remove();
    }
  }
}

/** An installation where everybody has signed in and looked at two pages. */
async function inhabited(tenants, people, name) {
  const made = installation([{ slug: 't', tenants, people, project: clinic }]);
  const server = await made.serve();
  const through = agent(SEVERAL);
  const cookies = [];
  const look = async (who, path) => {
    const answer = await fetchOnce(through, server.base + path, { headers: { cookie: cookies[who], accept: 'text/html' } });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.ms;
  };
  let next = 0;
  const enter = async () => {
    for (let who = next++; who < VISITORS; who = next++) {
      cookies[who] = await signIn(server, name(who), through);
      for (const path of ['/', '/conversations']) await look(who, path);
    }
  };
  await Promise.all(Array.from({ length: SEVERAL }, enter));
  return { made, server, look };
}
