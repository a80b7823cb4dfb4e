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

/** Somebody of the agency: they have a role there and no tenant. */
const staff = (name, agency) => ({ name, email: `${name.toLowerCase()}@agencia.example`, password: PASSWORD, agency });

/**
 * Made for the tests. `suspended` is the reason that such a tenant's people read; who `joins` finds the tenant made. `family`
 * is the family of tables that the tenant's project has; `looks` has had the tables looked for, and not put in use.
 */
export const testPeople = {
  vera: { ...own('clinica-aurora', 'Clínica Aurora', 'Vera'), role: 'viewer', joins: true },
  nora: own('sem-projeto', 'Ótica Sem Projeto', 'Nora'),
  mira: own('modelo', 'Pousada Modelo', 'Mira', { family: 'd', looks: true }),
  samuel: staff('Samuel', 'support'),
  greta: staff('Greta', 'owner'), // looked at only: her session outlives every test
  rita: own('alvo', 'Sapataria Alvo', 'Rita'), // attacked from another site, as is Olga
  nilo: { ...own('alvo', 'Sapataria Alvo', 'Nilo'), role: 'viewer', joins: true },
  olga: staff('Olga', 'owner'),
  lobo: own('lobo', 'Mercearia do Lobo', 'Lobo'), // who attacks them
  saulo: own('suspensa', 'Padaria Suspensa', 'Saulo', { suspended: 'Mensalidade de outubro em aberto.' }),
  ...Object.fromEntries(
    MODES.flatMap((mode) => [
      [`caio-${mode}`, own(`conexoes-${mode}`, 'Floricultura Conexões', 'Caio')],
      [`ingrid-${mode}`, own(`idiomas-${mode}`, 'Escola Idiomas', 'Ingrid')],
      [`sofia-${mode}`, own(`segredos-${mode}`, 'Livraria Segredos', 'Sofia')],
      [`davi-${mode}`, own(`conta-${mode}`, 'Ateliê Conta', 'Davi')],
      [`tessa-${mode}`, own(`equipe-${mode}`, 'Academia Equipe', 'Tessa')],
      [`erica-${mode}`, own(`engano-${mode}`, 'Papelaria Engano', 'Erica')],
      [`ligia-${mode}`, own(`a-ligar-${mode}`, 'Pet Shop A Ligar', 'Ligia')],
      [`paula-${mode}`, own(`pausa-${mode}`, 'Confeitaria Pausa', 'Paula')],
      [`vitor-${mode}`, own(`vidro-${mode}`, 'Vidraçaria Janela', 'Vitor')],
      [`iara-${mode}`, own(`registros-${mode}`, 'Cartório Registros', 'Iara')],
      [`adelia-${mode}`, own(`automacao-${mode}`, 'Editora Automação', 'Adelia')],
      [`hilda-${mode}`, own(`horas-${mode}`, 'Relojoaria Horas', 'Hilda', { family: 'h' })],
      [`marcia-${mode}`, own(`mapa-${mode}`, 'Estúdio Mapa', 'Marcia', { family: mode === 'wasm' ? 'c' : 'e' })],
      // Reads the clinic's conversations, and keeps filters of her own.
      [`flora-${mode}`, { ...own('clinica-aurora', 'Clínica Aurora', `Flora-${mode}`), role: 'viewer', joins: true }],
      [`otavia-${mode}`, staff(`Otavia-${mode}`, 'owner')],
      [`gilda-${mode}`, staff(`Gilda-${mode}`, 'owner')],
    ]),
  ),
};

export const people = { ...demoPeople, ...testPeople };
