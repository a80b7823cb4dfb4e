// The families' projects, as facts for the stack.
//
// Why it stands here: the one list of the families. Each file says what its tables are and how they tell the story.

import { a } from './a.mjs';
import { b } from './b.mjs';
import { c } from './c.mjs';
import { d } from './d.mjs';
import { e } from './e.mjs';
import { f } from './f.mjs';
import { g } from './g.mjs';
import { h } from './h.mjs';

/** One project a family, all telling `story`. */
export function familyProjects(story) {
  return [a, b, c, d, e, f, g, h].map((facts) => ({
    timezone: 'America/Sao_Paulo',
    database: `familia_${facts.family}`,
    schemas: 'public',
    pool: 2,
    ...facts,
    rows: () => facts.rows(story),
  }));
}
