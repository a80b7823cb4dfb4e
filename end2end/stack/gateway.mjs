// The gateway process of one project: its Supabase origin, and the control port for tests.
//
// Why it stands here: between a client and PostgREST, Supabase has a gateway with keys, refusals and
// outages of its own, which a dashboard meets as often as PostgREST's. One process for each project, so
// that one project's trouble cannot slow the other. gateway/ has the parts.
//
// Forked by stack.mjs; the first message is { keys, restPort, latency }, the reply { port, controlPort }.

import { createServer } from 'node:http';
import { admit } from './gateway/access.mjs';
import { answerAuth } from './gateway/auth.mjs';
import { createControl } from './gateway/control.mjs';
import { faults } from './gateway/faults.mjs';
import { createForwarder } from './gateway/forward.mjs';
import { replyJson } from './gateway/reply.mjs';
import { createRequestLog } from './gateway/requests.mjs';

const IDLE_CONNECTION_MS = 120_000; // longer than clients keep theirs, so we never close under a request

process.once('disconnect', () => process.exit(0));
process.once('message', run);

async function run({ keys, restPort, latency }) {
  const knobs = { latency, fault: { mode: 'none', path: '' } };
  const log = createRequestLog();
  const forward = createForwarder(restPort);

  const gateway = createServer((request, response) => {
    log.add(request);
    if (knobs.latency === 0) answer(request, response);
    else setTimeout(() => answer(request, response), knobs.latency);
  });
  gateway.keepAliveTimeout = IDLE_CONNECTION_MS;
  gateway.requestTimeout = 0;
  gateway.on('connection', () => log.connected());

  function answer(request, response) {
    if (response.destroyed) return;
    const { mode, path } = knobs.fault;
    if (mode !== 'none' && request.url.includes(path)) return faults[mode](request, response);

    const { refusal, token, service, target } = admit(request, keys);
    if (refusal) return replyJson(response, refusal.status, refusal.body);
    if (service === 'auth') return answerAuth(target, response);
    return forward(request, response, { target, token });
  }

  const port = await listen(gateway);
  const controlPort = await listen(createControl(knobs, log));
  process.send({ port, controlPort });
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}
