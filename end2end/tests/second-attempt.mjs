// What a first attempt has changed stays changed: a second one has people and tenants of its own, made when it begins.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { make, signInAll } from '../make-people.mjs';
import { peopleOf } from '../people.mjs';
import { product } from '../server.mjs';
import { theWorld } from './world.mjs';

/** Makes the people of a turn, once for all workers. */
export async function makePeopleOf(turn) {
  const { folder, stack, url } = theWorld();
  const [begun, done] = [join(folder, `${turn}.begun`), join(folder, `${turn}.done`)];
  try {
    mkdirSync(begun);
  } catch {
    while (!existsSync(done)) await new Promise((resolve) => setTimeout(resolve, 100));
    return;
  }
  make(peopleOf(turn), product(folder, stack), stack);
  await signInAll(peopleOf(turn), url, folder);
  writeFileSync(done, '');
}
