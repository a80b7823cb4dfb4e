// Pages against the same rows fetched raw, through the same gateway: what the project's tables cost is in both, and what is left is
// ours. What is fetched raw is what the page itself asked for, as the gateway wrote it down. On one machine the project is nearer
// than any real one: 50 ms away is what a network project is like, and both are said.
import { agent, attempt, by, compare, fetchOnce, interleave, median, repeat, row, sleep } from '../measure.mjs';
import { TENANTS, clinic, gateway, person, sharedServer, visitor } from '../world.mjs';

/** After this an overview that is kept is read anew on request, in milliseconds; the server says five seconds. */
const AGAIN = 5_300;
/** Before each page whose first byte is waited for, in milliseconds. */
const PAUSE = 200;
/** Rows of a page of conversations. */
const ROWS = 50;
const AWAY = [
  { latency: 0, rounds: 10, list: 30, overview: 6 },
  { latency: 50, rounds: 6, list: 10, overview: 6 },
];

export default async function pages() {
  const server = await sharedServer();
  const gate = gateway(clinic);
  const ana = await visitor(server, person('c'));
  const list = () => ana.page('/conversations');
  const [, open] = /href="(\/conversations\/[^"?]+)"/.exec((await list()).body.toString());
  const thread = () => ana.page(open);
  const anew = await visitors(server);
  const rows = [];
  for (const { latency, rounds, ...each } of AWAY) {
    const away = `project ${latency} ms away`;
    await gate.latency(latency);
    rows.push(
      ...(await attempt(`/conversations ÷ its rows raw, ${away}`, async () => {
        const found = (await list()).body.toString().split('data-row').length - 1;
        if (found < ROWS) throw new Error(`the page shows ${found} rows`);
        const { ratio, calls } = await againstRaw(gate, list, rounds, each.list);
        const behind = `${by(ratio, 'ms')}; it asks ${times(calls)}`;
        return [row(`p50 of /conversations (${ROWS} rows) ÷ the same rows raw, ${away}`, ratio.value, { ...ratio, most: 1.15, behind })];
      })),
      ...(await attempt(`/ read anew ÷ its slowest fetch, ${away}`, async () => {
        const { ratio, calls, slowest } = await againstRaw(gate, anew, rounds, each.overview);
        const behind = `${by(ratio, 'ms')} (${slowest}); it asks ${times(calls)}`;
        return [row(`p50 of / read anew ÷ its slowest single fetch, ${away}`, ratio.value, { ...ratio, most: 1.2, behind })];
      })),
      ...(await attempt(`a conversation ÷ its slowest fetch, ${away}`, async () => {
        const { ratio, calls, slowest } = await againstRaw(gate, thread, rounds, each.list);
        const behind = `${by(ratio, 'ms')} (${slowest}); it asks ${times(calls)}, the list beside it as well`;
        return [row(`p50 of a conversation ÷ its slowest single fetch, ${away}`, ratio.value, { ...ratio, most: 1.2, behind })];
      })),
    );
  }
  rows.push(...(await attempt('first byte of a page', () => firstByte(gate, list))));
  return rows;
}

const times = (calls) => (calls === 1 ? 'once' : `${calls} times`);

/** Looks at an overview that is not kept: each tenant's is asked for when its last one is old enough. */
async function visitors(server) {
  const all = await repeat(TENANTS.c, async (n) => ({ page: (await visitor(server, person('c', n))).page, at: -Infinity }));
  return async () => {
    const next = all.reduce((oldest, one) => (one.at < oldest.at ? one : oldest));
    await sleep(next.at + AGAIN - performance.now());
    const answer = await next.page('/?refresh=1');
    next.at = performance.now();
    return answer;
  };
}

/** A page and each of its own fetches in turn; the ratio is to the slowest of them. */
async function againstRaw(gate, page, rounds, each) {
  const calls = await asked(gate, page);
  const through = agent();
  const raw = async ({ url, headers }) => {
    const answer = await fetchOnce(through, url, { headers });
    if (answer.status >= 300) throw new Error(`raw: ${answer.status} ${answer.body}`);
    return answer.ms;
  };
  await gate.reset();
  const { ours, ...theirs } = await interleave(rounds, {
    ours: () => repeat(each, async () => (await page()).ms),
    ...Object.fromEntries(calls.map((call, index) => [`raw ${index}`, () => repeat(each, () => raw(call))])),
  });
  const { count } = await gate.requests();
  const least = 2 * (rounds + 1) * each * calls.length;
  if (count < 0.95 * least) throw new Error(`the project was asked ${count} times and not ${least}: some pages were not read anew`);
  const all = Object.values(theirs);
  const medians = all.map((samples) => median(samples.flat()));
  const slowest = medians.indexOf(Math.max(...medians));
  const table = new URL(calls[slowest].url).pathname.split('/').at(-1);
  return { ratio: compare(ours, all[slowest]), calls: calls.length, slowest: table };
}

/** What a page asks its project for, with headers by which it can be asked again. */
async function asked(gate, page) {
  await gate.reset();
  await page();
  const { requests } = await gate.requests();
  const reads = requests.filter(({ method, url }) => method === 'GET' && url.startsWith('/rest/v1/'));
  if (reads.length === 0) throw new Error('the page asked its project for nothing');
  return reads.map(({ url, headers }) => ({
    url: clinic.url + url,
    // The gateway keeps no values; of the reads of a page those that count do it exactly.
    headers: { apikey: clinic.publishable_key, ...(headers.includes('prefer') && { prefer: 'count=exact' }) },
  }));
}

/** The frame must not wait for the project. */
async function firstByte(gate, page) {
  const arm = (ms) => async () => {
    await gate.latency(ms);
    // The same pause on both sides: a core that slept is slow to begin.
    return repeat(10, async () => {
      await sleep(PAUSE);
      return (await page()).first;
    });
  };
  const { far, near } = await interleave(6, { far: arm(200), near: arm(0) });
  const ratio = compare(far, near);
  const name = 'first byte of /conversations, project 200 ms away ÷ 0 ms';
  return [row(name, ratio.value, { ...ratio, most: 1.2, behind: by(ratio, 'ms') })];
}
