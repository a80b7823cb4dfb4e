// Runs one program and ends it when whoever started us is gone.
//
// Why it stands here: `kill -9` gives start.mjs no chance to end its children. Each of them
// therefore hangs on a leash: a small process of its own that holds an IPC channel to start.mjs.
// The kernel closes that channel whatever start.mjs dies of; then the leash ends its program and
// removes what must not outlive it. A normal stop closes the channel too, so there is only one way.
//
// The arguments are the paths to remove; the job comes as the first message: { command, args, env, cwd,
// uid, gid, stopSignal, group }. With `group` the program gets a process group of its own and all of it is ended: for
// programs that start others, as cargo does.

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const PATIENCE_MS = 1000; // between asking a program to stop and killing it

const removeAfter = process.argv.slice(2);
let program;
let stopSignal;
let group = false;

process.once('message', ({ command, args, env, cwd, uid, gid, ...job }) => {
  ({ stopSignal, group = false } = job);
  program = spawn(command, args, { env, cwd, uid, gid, detached: group, stdio: ['ignore', 'inherit', 'inherit'] });
  program.once('error', (error) => {
    console.error(`${command} could not be started: ${error.message}`);
    process.exit(127);
  });
  program.once('exit', (code) => process.exit(code ?? 1));
});

process.once('disconnect', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, end);
if (!process.connected) end();

function end() {
  if (!program) return finish();
  program.removeAllListeners('exit');
  program.once('exit', finish);
  kill(stopSignal);
  setTimeout(() => kill('SIGKILL'), PATIENCE_MS);
}

function kill(signal) {
  if (!group) return program.kill(signal);
  try {
    process.kill(-program.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // it is gone already
  }
}

function finish() {
  for (const path of removeAfter) rmSync(path, { recursive: true, force: true });
  process.exit(0);
}
