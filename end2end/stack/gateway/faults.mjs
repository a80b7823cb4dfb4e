// What a project does when it is not well, by name of the mode. README.md lists the modes.
//
// Why it stands here: a dashboard for many tenants is judged by how it behaves when one project is
// slow, paused or answers nonsense. Each of these has been seen from a hosted project or before one.

import { Readable } from 'node:stream';
import { reply, replyJson } from './reply.mjs';

const HUGE_ROWS = 12_000;
const HUGE_ROW_TEXT = 'x'.repeat(1000);

const PAGE = `<!DOCTYPE html>
<html><head><title>Web server is down</title></head>
<body><h1>Error 521</h1><p>Web server is down</p></body></html>
`;

/** The answer is always this one. */
const always = (status, body) => (request, response) => replyJson(response, status, body);

export const faults = {
  refuse: (request) => request.socket.resetAndDestroy(),
  hang: () => {},
  rubbish: (request, response) => reply(response, 200, 'application/json; charset=utf-8', '[{"id":1,"name":"Jo'),
  huge: (request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
    Readable.from(hugeArray()).pipe(response);
  },
  drop: (request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': 10_000 });
    response.write('[{"id":1,"name":"João"},', () => request.socket.destroy());
  },
  html: (request, response) => reply(response, 200, 'text/html; charset=UTF-8', PAGE),
  paused: always(540, { message: 'Project paused' }),
  unpaid: always(402, { message: 'Service for this project is restricted: overdue_payment' }),
  error500: always(500, { message: 'An unexpected error occurred' }),
  legacy_off: always(401, {
    message: 'Legacy API keys are disabled',
    hint: 'Your legacy API keys (anon, service_role) were disabled. Use the publishable and secret API keys instead.',
  }),
  empty401: (request, response) => response.writeHead(401, { 'Content-Length': 0 }).end(),
  plain401: (request, response) => reply(response, 401, 'text/plain', 'Unauthorized'),
};

function* hugeArray() {
  for (let id = 1; id <= HUGE_ROWS; id++) {
    yield `${id === 1 ? '[' : ','}{"id":${id},"name":"${HUGE_ROW_TEXT}"}`;
  }
  yield ']';
}
