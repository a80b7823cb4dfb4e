// The gateway process of one project: its Supabase origin, and the control port for tests.
//
// Why it stands here: between a client and PostgREST, Supabase has a gateway with keys, refusals and
// outages of its own, which a dashboard meets as often as PostgREST's. One process for each project, so
// that one project's trouble cannot slow the other. gateway/ has the parts.
//
// Forked by stack.mjs; the first message is { keys, restPort, databaseUrl, latency }, the reply { port, controlPort }.

import { createServer } from 'node:http';
import { admit } from './gateway/access.mjs';
import { answerAuth } from './gateway/auth.mjs';
import { createControl } from './gateway/control.mjs';
import { faults } from './gateway/faults.mjs';
import { createForwarder } from './gateway/forward.mjs';
import { createRealtime } from './gateway/realtime.mjs';
import { replyJson } from './gateway/reply.mjs';
import { createRequestLog } from './gateway/requests.mjs';
import { refuse } from './gateway/websocket.mjs';

const IDLE_CONNECTION_MS = 120_000; // longer than clients keep theirs, so we never close under a request

process.once('disconnect', () => process.exit(0));
process.once('message', run);

async function run({ keys, restPort, databaseUrl, latency }) {
  const knobs = { latency, fault: { mode: 'none', path: '' } };
  const log = createRequestLog();
  const forward = createForwarder(restPort);
  const realtime = createRealtime(databaseUrl);

  const gateway = createServer((request, response) => {
    log.add(request);
    later(() => answer(request, response));
  });
  gateway.on('upgrade', (request, socket, head) => {
    log.add(request);
    socket.on('error', () => socket.destroy());
    later(() => upgrade(request, socket, head));
  });
  gateway.keepAliveTimeout = IDLE_CONNECTION_MS;
  gateway.requestTimeout = 0;
  gateway.on('connection', () => log.connected());

  function later(work) {
    if (knobs.latency === 0) work();
    else setTimeout(work, knobs.latency);
  }

  const isIll = ({ url }) => knobs.fault.mode !== 'none' && url.includes(knobs.fault.path);

  function answer(request, response) {
    if (response.destroyed) return;
    if (isIll(request)) return faults[knobs.fault.mode](request, response);

    const { refusal, token, service, target } = admit(request, keys);
    if (refusal) return replyJson(response, refusal.status, refusal.body);
    if (service === 'auth') return answerAuth(target, response);
    if (service === 'realtime') return replyJson(response, 400, { error: 'not a request for a WebSocket' });
    return forward(request, response, { target, token });
  }

  function upgrade(request, socket, head) {
    if (socket.destroyed || isIll(request)) return socket.destroy();
    const { refusal, service, target } = admit(request, keys);
    if (refusal) return refuse(socket, refusal.status, refusal.body);
    if (service !== 'realtime' || target.split('?')[0] !== '/websocket') return refuse(socket, 404, { error: 'Not Found' });
    return realtime.welcome(request, socket, head);
  }

  const port = await listen(gateway);
  const controlPort = await listen(createControl(knobs, log, realtime.fallIll));
  process.send({ port, controlPort });
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}
