// The two demo tenants, as facts.
//
// Why it stands here: the one place that says which projects the stack has; everything else loops over it.

import { barber } from './seed/barber.mjs';
import { clinic } from './seed/clinic.mjs';

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
  },
];
