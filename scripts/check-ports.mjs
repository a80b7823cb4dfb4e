// Says in a sentence when a port that the demo needs is taken, before anything is built.
import { createServer } from 'node:net';

for (const port of process.argv.slice(2).map(Number)) {
  await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      console.error(`Port ${port} on 127.0.0.1 is in use by another program (an earlier demo?). Stop it and run this again.`);
      process.exit(1);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(resolve));
  });
}
