// What setup.mjs made: where the product answers, where its files are, and the stack behind it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let world;

/** `{ folder, url, log, stack }`. */
export function theWorld() {
  world ??= JSON.parse(readFileSync(process.env.PAINEL_E2E, 'utf8'));
  return world;
}

/** The project of a demo tenant: its address, keys and knobs. */
export function projectOf(slug) {
  return theWorld().stack.projects.find((project) => project.slug === slug);
}

/** The cookies of somebody who is signed in, as Playwright keeps them. */
export function sessionOf(key) {
  return join(theWorld().folder, `${key}.session.json`);
}
