// Who the browser tests sign in as. Whatever a test changes belongs to a tenant that no other test uses, and each of
// the two modes (with WASM, without JavaScript) has its own.
import { DEMO } from './stack/demo.mjs';

export const MODES = ['wasm', 'plain'];

const PASSWORD = 'girassol-janela-cobre-2026';
const own = (slug, tenant, name, more = {}) => ({
  slug,
  tenant,
  name,
  email: `${name.toLowerCase()}@${slug}.example`,
  password: PASSWORD,
  role: 'admin',
  timezone: 'America/Sao_Paulo',
  ...more,
});

const [ana, bruno] = DEMO.map((demo) => ({ ...demo, role: 'admin' }));

/** Made by the demo's own set-up. */
export const demoPeople = { ana, bruno };

/** Made for the tests. `suspended` is the reason that such a tenant's people read. */
export const testPeople = {
  vera: { ...own('clinica-aurora', 'Clínica Aurora', 'Vera'), role: 'viewer' },
  nora: own('sem-projeto', 'Ótica Sem Projeto', 'Nora'),
  saulo: own('suspensa', 'Padaria Suspensa', 'Saulo', { suspended: 'Mensalidade de outubro em aberto.' }),
  ...Object.fromEntries(
    MODES.flatMap((mode) => [
      [`caio-${mode}`, own(`conexoes-${mode}`, 'Floricultura Conexões', 'Caio')],
      [`sofia-${mode}`, own(`segredos-${mode}`, 'Livraria Segredos', 'Sofia')],
      [`ligia-${mode}`, own(`a-ligar-${mode}`, 'Pet Shop A Ligar', 'Ligia')],
    ]),
  ),
};

export const people = { ...demoPeople, ...testPeople };
