// Free ports on the loopback address, for programs that cannot pick one themselves.
//
// Why it stands here: Postgres and PostgREST want to be told their port. Between our finding a free
// one and their taking it, somebody else may; then we try again with another.

import { createServer } from 'node:net';

const TRIES = 5;

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Calls `start(port)` with a free port, again with another when its error says the port was taken. */
export async function onFreePort(start) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === TRIES || !/address already in use/i.test(error.message)) throw error;
    }
  }
}
