// Pages a second while everything is kept, against the same HTML drawn by axum and maud (server/benches/plain_page.rs), which knows
// neither session nor database nor tenant. Counted by the server's processor time: a client on one core cannot fill the plain
// page's, and pages by the clock would then be the client's.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agent, compare, fetchOnce, figure, interleave, processorSeconds, pump, row } from '../measure.mjs';
import { clinic, gateway, person, program, scratch, sharedServer, start, visitor } from '../world.mjs';

const CONNECTIONS = 8;
const ROUNDS = 5;
const LASTS = 3_000;
/** How far the plain page's length may be from ours. */
const ALIKE = 0.05;

export default async function warm() {
  const server = await sharedServer();
  const gate = gateway(clinic);
  const ana = await visitor(server, person('c'));
  const { body } = await ana.page('/');
  const file = join(scratch(), 'page.html');
  writeFileSync(file, body);
  const { child, stop } = start(program('plain_page'), [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await firstLine(child);
    const plain = await fetchOnce(agent(), `http://127.0.0.1:${port}/`);
    const off = Math.abs(plain.body.length - body.length) / body.length;
    if (plain.status !== 200 || off > ALIKE) throw new Error(`the plain page has ${plain.body.length} bytes, ours ${body.length}`);

    const arm = (processor, options) => async () => {
      const before = processor();
      const came = await pump({ connections: CONNECTIONS, ms: LASTS, path: '/', ...options });
      return [came / (processor() - before)];
    };
    await gate.reset();
    const { ours, theirs } = await interleave(ROUNDS, {
      ours: arm(server.processorSeconds, { port: server.port, headers: { cookie: ana.cookie, accept: 'text/html' } }),
      theirs: arm(() => processorSeconds(child.pid), { port }),
    });
    const ratio = compare(ours, theirs);
    const { count } = await gate.requests();
    if (count > 100) throw new Error(`the project was asked ${count} times: the overview was not kept`);
    const behind = `${figure(ratio.ours)} ÷ ${figure(ratio.theirs)} pages a second of a core; ${Math.round(body.length / 1024)} KB each`;
    return [row('pages/s of /, kept, ÷ the same HTML by axum and maud', ratio.value, { ...ratio, least: 0.5, behind })];
  } finally {
    await stop();
  }
}

/** The port that the plain page says when it listens. */
function firstLine({ stdout }) {
  return new Promise((resolve, reject) => {
    let said = '';
    stdout.on('data', (piece) => {
      said += piece;
      if (said.includes('\n')) resolve(Number(said));
    });
    stdout.on('close', () => reject(new Error('the plain page did not start')));
  });
}
