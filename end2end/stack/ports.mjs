// Free ports on the loopback address, for programs that cannot pick one themselves.
//
// Why it stands here: Postgres and PostgREST want to be told their port. Between our finding a free
// one and their taking it, somebody else may; then we try again with another. The kernel gives ports
// from 32768 on (some from 16000 on) to connections that go out: we take ours from below.

import { createServer } from 'node:net';

const TRIES = 5;
const FIRST = 10_240;
const LAST = 15_871;
// Each program says it in its own words: Node and Postgres, PostgREST, Painel.
const TAKEN = /\bin use\b|EADDRINUSE/i;

/** A port that nobody listens at now. */
export async function freePort() {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Calls `start(port)` with a free port, again with another when its error says the port was taken. */
export async function onFreePort(start, find = freePort) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await find());
    } catch (error) {
      if (attempt === TRIES || !TAKEN.test(error.message)) throw error;
    }
  }
}
