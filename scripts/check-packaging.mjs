// What installs and serves Painel, as far as that can be checked without installing it: scripts, settings, the container's
// files, units and proxies' settings. Says all that is wrong, then fails. What needs a program that may not be there
// (systemd-analyze, nginx with openssl, caddy) is left out where it is not, and named.
//
//   node scripts/check-packaging.mjs [FOLDER]      of another copy of the repository
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const ROOT = resolve(process.argv[2] ?? HERE);
const read = (file) => readFileSync(join(ROOT, file), 'utf8');
/** Not packaging/.env, where whoever runs compose keeps passwords. */
const list = (folder) => readdirSync(join(ROOT, folder)).filter((name) => !name.startsWith('.')).map((name) => `${folder}/${name}`);
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);

const wrong = [];
const must = (holds, what) => holds || wrong.push(what);
const same = (what, found) => {
  const values = new Set(Object.values(found));
  must(values.size === 1 && !values.has(undefined), `${what} is not the same everywhere: ${Object.entries(found).map(([where, value]) => `${where} ${value}`).join(', ')}`);
};
/** Runs a checker; its words when it does not like what it sees, nothing when it does. */
function complaint(command, args, env = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return status === 0 ? '' : `${stdout}${stderr}`.trim() || `ends with ${status}`;
}
const there = (command, ...args) => spawnSync(command, args).error === undefined;

const folder = mkdtempSync(join(tmpdir(), 'painel-packaging-'));
const left = [];
try {
  shells();
  settings();
  const compose = composed();
  dockerfile();
  addresses(compose);
  units();
  nginx();
  caddy();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (wrong.length) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
console.log(`scripts, settings, container, units and proxies fit each other${left.length ? `; not here to ask: ${left.join(', ')}` : ''}`);

/** Each script is one, for the shell that it names. */
function shells() {
  for (const file of [...list('scripts'), ...list('packaging'), '.ci/run'].filter((file) => existsSync(join(ROOT, file)))) {
    const [, shell] = read(file).match(/^#!.*\b(bash|sh)\n/) ?? [];
    if (!shell && !file.endsWith('.sh')) continue;
    must(!shell || statSync(join(ROOT, file)).mode & 0o100, `${file} is not executable`);
    // One that names no shell is for the others to source.
    const said = complaint(shell ?? 'bash', ['-n', join(ROOT, file)]);
    must(!said, `${file}: ${said}`);
  }
}

/** Whatever is set or told about is read, and whatever is read stands in .env.example. */
function settings() {
  const names = (file, pattern) => new Set(all(read(file), pattern));
  // Tests and the words of errors aside: a name is a text by itself.
  const code = read('server/src/config.rs').split('#[cfg(test)]')[0];
  const known = new Set(all(code, /"((?:PAINEL|LEPTOS)_[A-Z0-9_]+)"/g));
  must(known.size > 10, 'server/src/config.rs names hardly any setting: is it elsewhere now?');
  const elsewhere = { RUST_LOG: 'server/src/telemetry/log.rs', OTEL_EXPORTER_OTLP_ENDPOINT: 'server/src/telemetry/traces.rs' };
  for (const [name, file] of Object.entries(elsewhere)) {
    must(read(file).includes(name), `${file} does not speak of ${name} any more`);
    known.add(name);
  }
  // Said by `cargo leptos watch`.
  const internal = new Set(['LEPTOS_WATCH']);

  const example = names('.env.example', /^#?([A-Z][A-Z0-9_]*)=/gm);
  for (const name of known) must(example.has(name) || internal.has(name), `.env.example lacks ${name}, which the program reads`);

  // What our own scripts read beside.
  const scripts = new Set([
    ...names('packaging/painelctl', /\$\{?(PAINEL_[A-Z]+)/g),
    ...names('packaging/postgres-roles.sh', /\$\{?(PAINEL_[A-Z_]+)/g),
  ]);
  const files = ['.env.example', 'README.md', ...list('packaging'), ...list('docs').filter((file) => file.endsWith('.md'))];
  for (const file of files) {
    // OpenTelemetry's names are its own; docs/running.md tells about some.
    const told = all(read(file), /\b((?:PAINEL|LEPTOS|RUST|OTEL)_[A-Z0-9_]*[A-Z0-9])\b/g).filter((name) => !name.startsWith('OTEL_') || !file.startsWith('docs/'));
    for (const name of new Set([...told, ...(/\.env/.test(file) ? names(file, /^#?([A-Z][A-Z0-9_]*)=/gm) : [])])) {
      must(known.has(name) || scripts.has(name), `${file}: nothing reads ${name}`);
    }
  }
}

/** compose.yaml, as it is understood. */
function composed() {
  const file = 'packaging/compose.yaml';
  // Playwright has a whole reader of YAML inside; no other is sure to be there.
  const bundle = join(HERE, 'end2end/node_modules/playwright-core/lib/utilsBundle.js');
  const { yaml } = existsSync(bundle) ? createRequire(import.meta.url)(bundle) : {};
  if (!yaml?.parseDocument) {
    must(false, `${file} cannot be read: end2end/node_modules is missing (make tools), or Playwright has no reader of YAML inside any more`);
    return undefined;
  }
  const document = yaml.parseDocument(read(file), { merge: true });
  let compose;
  try {
    // An alias of nothing is found only now.
    compose = document.toJS();
  } catch (error) {
    document.errors.push(error);
  }
  const faults = [...document.errors, ...document.warnings];
  must(!faults.length, `${file}: ${faults.map((fault) => fault.message).join('\n')}`);
  if (faults.length) return undefined;
  const known = new Set(all(read('.env.example'), /^#?([A-Z][A-Z0-9_]*)=/gm));
  for (const [name, service] of Object.entries(compose.services)) {
    for (const other of Object.keys(service.depends_on ?? {})) must(compose.services[other], `${file}: ${name} waits for ${other}, which is no service`);
    for (const network of service.networks ?? []) must(network in compose.networks, `${file}: ${name} is in the network ${network}, which is not there`);
    for (const [from] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
      if (from.startsWith('.')) must(existsSync(join(ROOT, 'packaging', from)), `${file}: ${name} wants ${from}, which is not there`);
      else must(from.startsWith('/') || from in compose.volumes, `${file}: ${name} wants the volume ${from}, which is not there`);
    }
    if (service.build) {
      const context = join('packaging', service.build.context);
      must(existsSync(join(ROOT, context, service.build.dockerfile)), `${file}: ${name} is built by ${service.build.dockerfile}, which is not there`);
      for (const setting of Object.keys(service.environment)) must(known.has(setting), `${file}: ${name} is told ${setting}, which is no setting`);
    }
  }
  const { painel } = compose.services;
  must(painel.env_file === '/etc/painel/painel.env', `${file}: painel is not told what the service is told`);
  must(!('PAINEL_DATABASE_OWNER_URL' in painel.environment), `${file}: painel gets the password of the tables' owner`);
  // The head says what packaging/.env must have.
  const head = all(read(file), /^# +([A-Z_]+)=/gm);
  const asked = all(read(file).replace(/^#.*$/gm, ''), /\$\{([A-Z_]+)/g);
  for (const name of new Set(asked)) must(head.includes(name), `${file}: its head does not speak of ${name}`);
  return compose;
}

/** What is copied is there, and versions are those of the tree. */
function dockerfile() {
  const file = 'packaging/Dockerfile';
  const lines = read(file).replace(/\\\n/g, ' ').split('\n').filter((line) => !line.startsWith('#'));
  const stages = lines.map((line) => line.match(/^FROM \S+ AS (\S+)/)?.[1]).filter(Boolean);
  for (const line of lines) {
    const [, from, paths] = line.match(/^COPY (?:--from=(\S+) )?(.*)$/) ?? [];
    if (from) must(stages.includes(from), `${file}: there is no stage ${from}`);
    else for (const path of paths?.trim().split(/\s+/).slice(0, -1) ?? []) must(existsSync(join(ROOT, path)), `${file}: there is no ${path} to copy`);
    const [, script] = line.match(/^RUN (scripts\/\S+)/) ?? [];
    if (script) must(existsSync(join(ROOT, script)), `${file}: there is no ${script}`);
  }
  const text = lines.join('\n');
  const one = (pattern, where = text) => where.match(pattern)?.[1];

  const rust = { image: one(/^FROM rust:([\d.]+)/m), RUSTUP_TOOLCHAIN: one(/RUSTUP_TOOLCHAIN=(\S+)/) };
  const channel = one(/^channel = "(.*)"/m, read('rust-toolchain.toml'));
  // "stable" is whatever a machine has; the floor says what will do.
  if (/^\d/.test(channel)) rust['rust-toolchain.toml'] = channel;
  same(`${file}: Rust`, rust);
  const floor = one(/^rust-version = "(.*)"/m, read('Cargo.toml'));
  const number = (version) => (version ?? '').split('.').map(Number);
  const [major, minor] = number(rust.image);
  const [least, lesser] = number(floor);
  must(major > least || (major === least && minor >= lesser), `${file}: Rust ${rust.image} is older than rust-version, ${floor}`);

  same('Node.js', {
    [file]: one(/^FROM node:(\d+)/m),
    'README.md': one(/Node\.js (\d+)/, read('README.md')),
    'scripts/tools.sh': one(/Node\.js (\d+)/, read('scripts/tools.sh')),
    'end2end/package.json': one(/"node": ">=(\d+)"/, read('end2end/package.json')),
  });
  // What is built on one release of Debian may not run on an older one.
  const releases = all(text, /^FROM \S+?-?(bookworm|trixie|forky)\S*/gm);
  must(releases.length === stages.length + 1 && new Set(releases).size === 1, `${file}: its images are of several releases of Debian: ${releases}`);

  const tool = (name) => one(new RegExp(`^${name}=(\\S+)`, 'm'), read('scripts/env.sh'));
  same('wasm-bindgen', {
    'scripts/env.sh': tool('WASM_BINDGEN'),
    'Cargo.toml': one(/^wasm-bindgen = "=(.*)"/m, read('Cargo.toml')),
    'Cargo.lock': one(/^name = "wasm-bindgen"\nversion = "(.*)"/m, read('Cargo.lock')),
  });
  must(/^RUN scripts\/tools\.sh$/m.test(text), `${file} does not take its tools from scripts/tools.sh`);
  for (const [name, version] of [['cargo-leptos', tool('CARGO_LEPTOS')], ['wasm-bindgen', tool('WASM_BINDGEN')]]) {
    for (const named of all(text, new RegExp(`${name}\\S*[ @=]+(?:--version[ =])?v?(\\d[\\d.]*)`, 'g'))) must(named === version, `${file}: ${name} ${named}, where scripts/env.sh has ${version}`);
  }
}

/** Whoever stands in front finds Painel, and is believed. */
function addresses(compose) {
  const one = (file, pattern) => read(file).match(pattern)?.[1];
  same("Painel's port", {
    'painel.env': one('packaging/painel.env', /^LEPTOS_SITE_ADDR=\S+:(\d+)$/m),
    Caddyfile: one('packaging/Caddyfile', /reverse_proxy 127\.0\.0\.1:(\d+)/),
    'nginx.conf': one('packaging/nginx.conf', /proxy_pass http:\/\/127\.0\.0\.1:(\d+)/),
    EXPOSE: one('packaging/Dockerfile', /^EXPOSE (\d+)$/m),
    HEALTHCHECK: one('packaging/Dockerfile', /\/dev\/tcp\/127\.0\.0\.1\/(\d+)/),
    'ENV of the image': one('packaging/Dockerfile', /LEPTOS_SITE_ADDR=\S+:(\d+)/),
    ...(compose && {
      "compose.yaml's environment": compose.services.painel.environment.LEPTOS_SITE_ADDR?.split(':')[1],
      "compose.yaml's ports": compose.services.painel.ports[0].match(/^127\.0\.0\.1:(\d+):\1$/)?.[1],
    }),
  });
  if (compose) same("compose.yaml: the host's address", { gateway: compose.networks.inside.ipam.config[0].gateway, PAINEL_TRUSTED_PROXIES: compose.services.painel.environment.PAINEL_TRUSTED_PROXIES });
}

/** What systemd itself says of the units. */
function units() {
  if (!there('systemd-analyze', '--version')) return left.push('systemd-analyze');
  const place = join(folder, 'units');
  mkdirSync(place);
  const files = list('packaging').filter((file) => /\.(service|timer)$/.test(file));
  for (const file of files) {
    // It wants the program to be where it will be.
    writeFileSync(join(place, file.split('/')[1]), read(file).replaceAll('/usr/local/bin/painel', '/bin/true'));
  }
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', ...readdirSync(place).map((unit) => join(place, unit))], { encoding: 'utf8' });
  const said = verified.stderr.split('\n').filter((line) => line.includes(place));
  must(verified.status === 0 && !said.length, `systemd-analyze verify: ${said.join('\n') || verified.stderr}`);
}

/** The site within an otherwise empty configuration, with a certificate of an hour and no port of the machine's. */
function nginx() {
  // Debian has it where not everybody looks.
  const path = { PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
  if (spawnSync('nginx', ['-v'], { env: { ...process.env, ...path } }).error || !there('openssl', 'version')) return left.push('nginx');
  const place = join(folder, 'nginx');
  mkdirSync(join(place, 'logs'), { recursive: true });
  const [certificate, key] = ['fullchain.pem', 'privkey.pem'].map((name) => join(place, name));
  const made = complaint('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=painel.example.com', '-keyout', key, '-out', certificate]);
  must(!made, `openssl: ${made}`);
  let socket = 0;
  const site = read('packaging/nginx.conf')
    .replace(/\S+(fullchain|privkey)\.pem/g, (_, name) => join(place, `${name}.pem`))
    .replace(/listen (?:\[::\]:)?\d+/g, () => `listen unix:${place}/${(socket += 1)}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${place};`).join(' ');
  writeFileSync(join(place, 'nginx.conf'), `pid ${place}/pid; error_log stderr; events {} http { access_log off; ${temporary} ${site} }`);
  const said = complaint('nginx', ['-t', '-q', '-p', place, '-c', join(place, 'nginx.conf')], path);
  must(!said, `packaging/nginx.conf: ${said}`);
}

function caddy() {
  if (!there('caddy', 'version')) return left.push('caddy');
  const said = complaint('caddy', ['validate', '--adapter', 'caddyfile', '--config', join(ROOT, 'packaging/Caddyfile')], { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder });
  must(!said, `packaging/Caddyfile: ${said}`);
}
