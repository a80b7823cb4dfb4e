// The two demo tenants, as facts.
//
// Why it stands here: the one place that says which projects the stack always has; everything else loops over it. A project
// says its tables' `sql`, their `rows` at an instant, the `schemas` that PostgREST shows, the table to `probe` for whether it
// answers (in another schema than the first: with its `profile`), the size of PostgREST's `pool`, whether it `sums` up
// (`count()` and the like), which Supabase leaves off, and whether `realtime` is on for its tables.

import { readFileSync } from 'node:fs';
import { barber } from './seed/barber.mjs';
import { clinic } from './seed/clinic.mjs';
import { generate } from './seed/generate.mjs';

const sql = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');

export const projects = [
  {
    slug: 'clinica-aurora',
    name: 'Clínica Aurora',
    timezone: 'America/Sao_Paulo',
    database: 'clinica_aurora',
    business: clinic,
  },
  {
    slug: 'barbearia-navalha',
    name: 'Barbearia Navalha',
    timezone: 'America/Recife',
    database: 'barbearia_navalha',
    business: barber,
    sums: true,
  },
].map((facts) => ({ ...facts, sql, rows: (now) => generate(facts, now), schemas: 'public', probe: 'conversations', pool: 10, realtime: true }));
