// A start, and what memory it takes: the first page from the moment the process is begun (the file is in the system's cache by then),
// the memory at rest after it, and what a thousand people who are signed in add.
import { agent, attempt, fetchOnce, figure, median, quartiles, repeatFor, row, sleep } from '../measure.mjs';
import { clinic, installation, person, signIn } from '../world.mjs';

const STARTS = 11;
/** What the server does after its first page is done by then, in milliseconds. */
const RESTS = 1_000;
const PEOPLE = 110;
/** Sessions of each of them; the server keeps ten. */
const EACH = 10;
/** Sign-ins that only warm up. */
const FIRST = 100;
const SEVERAL = 4;

export default async function startAndMemory() {
  const made = installation([{ slug: 's', tenants: 1, people: PEOPLE, project: clinic }]);
  const [starts, memories] = [[], []];
  const cold = await attempt('cold start to first page', async () => {
    for (let n = 0; n <= STARTS; n++) {
      const began = performance.now();
      const server = await made.launch();
      await server.answers('/login');
      const took = performance.now() - began;
      await sleep(RESTS);
      const rests = server.memory();
      await server.stop();
      if (n === 0) continue; // fills the system's cache
      starts.push(took);
      memories.push(rests);
    }
    return [
      row('cold start to first page', median(starts), {
        unit: 'ms',
        most: 100,
        spread: quartiles(starts),
        behind: `${STARTS} starts, /login`,
      }),
      row('idle memory', median(memories), {
        unit: 'MB',
        most: 60,
        spread: quartiles(memories),
        behind: 'a second after the first page',
      }),
    ];
  });
  const sessions = await attempt('memory per 1,000 sessions', () => memoryOfSessions(made));
  made.remove();
  return [...cold, ...sessions];
}

async function memoryOfSessions(made) {
  const server = await made.serve();
  try {
    const through = agent(SEVERAL);
    let next = 0;
    const enter = async (until) => {
      const one = async () => {
        for (let n = next++; n < until; n = next++) {
          const cookie = await signIn(server, person('s', 0, n % PEOPLE), through);
          const page = await fetchOnce(through, `${server.base}/conversations`, { headers: { cookie, accept: 'text/html' } });
          if (page.status !== 200) throw new Error(`/conversations: ${page.status}`);
        }
      };
      next = until === FIRST ? 0 : FIRST;
      await Promise.all(Array.from({ length: SEVERAL }, one));
      await sleep(RESTS);
      return server.memory();
    };
    const before = await enter(FIRST);
    const all = PEOPLE * EACH;
    const after = await enter(all);
    const per = ((after - before) * 1000) / (all - FIRST);
    const behind = `${figure(before)} → ${figure(after)} MB; each looked at a page`;
    return [row('memory per 1,000 sessions', per, { unit: 'MB', most: 2, behind })];
  } finally {
    await server.stop();
  }
}
