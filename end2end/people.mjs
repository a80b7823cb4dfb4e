// Who the browser tests sign in as. Whatever a test changes belongs to a tenant that no other test uses. Each of the two
// modes (with WASM, without JavaScript) has its own, and so has a second attempt: it begins where the first one did.
import { DEMO } from './stack/demo.mjs';

const MODES = ['wasm', 'plain'];

/** Whose turn it is: the mode at a test's first attempt, and its people once more at the second. */
export const turnOf = (mode, attempt) => (attempt === 0 ? mode : `${mode}-again`);

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
const common = {
  vera: { ...own('clinica-aurora', 'Clínica Aurora', 'Vera'), role: 'viewer', joins: true },
  nora: own('sem-projeto', 'Ótica Sem Projeto', 'Nora'),
  mira: own('modelo', 'Pousada Modelo', 'Mira', { family: 'd', looks: true }),
  samuel: staff('Samuel', 'support'),
  greta: staff('Greta', 'owner'), // looked at only: her session outlives every test
  olga: staff('Olga', 'owner'), // attacked from another site, as are Rita and Nilo
  lobo: own('lobo', 'Mercearia do Lobo', 'Lobo'), // who attacks them
  saulo: own('suspensa', 'Padaria Suspensa', 'Saulo', { suspended: 'Mensalidade de outubro em aberto.' }),
};

/** Made for one turn: what they have may be changed by its tests. */
export const peopleOf = (turn) => ({
  [`caio-${turn}`]: own(`conexoes-${turn}`, 'Floricultura Conexões', 'Caio'),
  [`ingrid-${turn}`]: own(`idiomas-${turn}`, 'Escola Idiomas', 'Ingrid'),
  [`sofia-${turn}`]: own(`segredos-${turn}`, 'Livraria Segredos', 'Sofia'),
  [`davi-${turn}`]: own(`conta-${turn}`, 'Ateliê Conta', 'Davi'),
  [`tessa-${turn}`]: own(`equipe-${turn}`, 'Academia Equipe', 'Tessa'),
  [`erica-${turn}`]: own(`engano-${turn}`, 'Papelaria Engano', 'Erica'),
  [`ligia-${turn}`]: own(`a-ligar-${turn}`, 'Pet Shop A Ligar', 'Ligia'),
  [`paula-${turn}`]: own(`pausa-${turn}`, 'Confeitaria Pausa', 'Paula'),
  [`vitor-${turn}`]: own(`vidro-${turn}`, 'Vidraçaria Janela', 'Vitor'),
  [`iara-${turn}`]: own(`registros-${turn}`, 'Cartório Registros', 'Iara'),
  [`adelia-${turn}`]: own(`automacao-${turn}`, 'Editora Automação', 'Adelia'),
  [`hilda-${turn}`]: own(`horas-${turn}`, 'Relojoaria Horas', 'Hilda', { family: 'h' }),
  [`marcia-${turn}`]: own(`mapa-${turn}`, 'Estúdio Mapa', 'Marcia', { family: turn.startsWith('wasm') ? 'c' : 'e' }),
  // Reads the clinic's conversations, and keeps filters of her own.
  [`flora-${turn}`]: { ...own('clinica-aurora', 'Clínica Aurora', `Flora-${turn}`), role: 'viewer', joins: true },
  [`otavia-${turn}`]: staff(`Otavia-${turn}`, 'owner'),
  [`gilda-${turn}`]: staff(`Gilda-${turn}`, 'owner'),
  [`lidia-${turn}`]: own(`convites-${turn}`, 'Academia Convites', 'Lídia', { email: `lidia@convites-${turn}.example` }),
  // Attacked from another site.
  [`rita-${turn}`]: own(`alvo-${turn}`, 'Sapataria Alvo', 'Rita'),
  [`nilo-${turn}`]: { ...own(`alvo-${turn}`, 'Sapataria Alvo', 'Nilo'), role: 'viewer', joins: true },
});

const all = (attempt) => Object.assign({}, ...MODES.map((mode) => peopleOf(turnOf(mode, attempt))));

/** Made before all tests. */
export const testPeople = { ...common, ...all(0) };
export const atFirst = { ...demoPeople, ...testPeople };

/** Everybody, by key. */
export const people = { ...atFirst, ...all(1) };
