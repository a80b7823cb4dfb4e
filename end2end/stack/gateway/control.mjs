// The control port of one project: tests turn its knobs and read what was asked. README.md lists the calls.
//
// Why it stands here and not on the gateway's port: what is under test must not be able to reach it.

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { faults } from './faults.mjs';
import { replyJson } from './reply.mjs';

const MODES = ['none', ...Object.keys(faults)];
const MAX_LATENCY_MS = 60_000;

class BadRequest extends Error {}

/** `fallIll` is told of each fault that begins, for what is open by then. */
export function createControl(knobs, log, fallIll) {
  const calls = {
    'POST /latency': ({ ms }) => {
      if (!Number.isInteger(ms) || ms < 0 || ms > MAX_LATENCY_MS) {
        throw new BadRequest(`"ms" must be a whole number from 0 to ${MAX_LATENCY_MS}`);
      }
      knobs.latency = ms;
      return knobs;
    },
    'POST /fault': ({ mode, path = '' }) => {
      if (!MODES.includes(mode)) throw new BadRequest(`"mode" must be one of ${MODES.join(', ')}`);
      if (typeof path !== 'string') throw new BadRequest('"path" must be a part of a path, as text');
      knobs.fault = { mode, path };
      if (mode !== 'none') fallIll(knobs.fault);
      return knobs;
    },
    'GET /requests': () => log.read(),
    'POST /requests/reset': () => {
      log.reset();
      return log.read();
    },
  };

  return createServer(async (request, response) => {
    const call = calls[`${request.method} ${request.url}`];
    if (!call) return replyJson(response, 404, { error: `No such call. There are: ${Object.keys(calls).join(', ')}` });
    try {
      replyJson(response, 200, call(parse(await text(request))));
    } catch (error) {
      replyJson(response, error instanceof BadRequest ? 400 : 500, { error: error.message });
    }
  });
}

function parse(body) {
  try {
    return JSON.parse(body || '{}') ?? {};
  } catch {
    throw new BadRequest('The body must be JSON');
  }
}
