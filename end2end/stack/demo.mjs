// The two demo tenants, set up through Painel's own command line: what `make run` and the browser tests sign in to.
import { existsSync } from 'node:fs';

/** The demo logins. They stand in the README; the projects behind them exist only while the stack runs. */
export const DEMO = [
  {
    slug: 'clinica-aurora',
    tenant: 'Clínica Aurora',
    timezone: 'America/Sao_Paulo',
    name: 'Ana',
    email: 'ana@clinica-aurora.example',
    password: 'aurora-demonstra-2026',
  },
  {
    slug: 'barbearia-navalha',
    tenant: 'Barbearia Navalha',
    timezone: 'America/Recife',
    name: 'Bruno',
    email: 'bruno@barbearia-navalha.example',
    password: 'navalha-demonstra-2026',
  },
];

/** Who keeps the agency's console in the demo. */
export const DEMO_AGENCY = { name: 'Gilda', email: 'agencia@painel.example', password: 'bastidor-demonstra-2026' };

/**
 * Creates key ring, tenants and users when they are missing, and gives each tenant its project of this stack (whose
 * ports and keys are new at every start). `painel(args, input)` runs one command and gives { status, stdout, stderr }.
 */
export function setUp({ painel, stack, keyring }) {
  const run = (args, input) => {
    const done = painel(args, input);
    if (done.status !== 0) throw new Error(`painel ${args.join(' ')} failed:\n${done.stderr}`);
    return done.stdout;
  };
  if (!existsSync(keyring)) run(['keygen', '--out', keyring]);
  run(['migrate']);
  const known = run(['tenant', 'list']).split('\n').map((line) => line.split('\t')[0]);
  if (!DEMO.some(({ slug }) => known.includes(slug))) {
    const { name, email, password } = DEMO_AGENCY;
    run(['user', 'create', '--email', email, '--name', name, '--agency', 'owner', '--password-stdin'], password);
  }
  for (const demo of DEMO) {
    if (!known.includes(demo.slug)) {
      run(['tenant', 'create', '--slug', demo.slug, '--name', demo.tenant, '--timezone', demo.timezone]);
      const user = ['--email', demo.email, '--name', demo.name, '--tenant', demo.slug, '--role', 'admin'];
      run(['user', 'create', ...user, '--password-stdin'], demo.password);
    }
    const project = stack.projects.find((candidate) => candidate.slug === demo.slug);
    const fields = { project_url: project.url, api_key: project.publishable_key };
    run(['credential', 'set', '--tenant', demo.slug, '--provider', 'supabase', '--stdin'], JSON.stringify(fields));
  }
}
