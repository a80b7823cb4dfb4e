// Carries a request to PostgREST and its answer back, streaming both ways.

import { Agent, request as httpRequest } from 'node:http';
import { pipeline } from 'node:stream';
import { replyJson } from './reply.mjs';

const NOT_FORWARDED = ['apikey', 'connection', 'host', 'keep-alive'];
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding'];
const IDLE_CONNECTION_MS = 20_000; // shorter than PostgREST keeps its side open (30 s)

export function createForwarder(port) {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });

  return function forward(request, response, { target, token }) {
    const headers = { ...request.headers, authorization: token };
    for (const name of NOT_FORWARDED) delete headers[name];

    const upstream = httpRequest({ agent, host: '127.0.0.1', port, method: request.method, path: target, headers });
    upstream.on('response', (answer) => {
      // Flat pairs keep a header that comes twice, as Content-Type does with error 406.
      response.writeHead(answer.statusCode, endToEnd(answer.rawHeaders));
      pipeline(answer, response, () => {});
    });
    upstream.on('error', () => {
      if (response.headersSent) response.destroy();
      else replyJson(response, 502, { message: 'An invalid response was received from the upstream server' });
    });
    response.on('close', () => {
      if (!response.writableFinished) upstream.destroy(); // the client went away
    });
    request.pipe(upstream);
  };
}

function endToEnd(rawHeaders) {
  const kept = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!HOP_BY_HOP.includes(rawHeaders[i].toLowerCase())) kept.push(rawHeaders[i], rawHeaders[i + 1]);
  }
  return kept;
}
