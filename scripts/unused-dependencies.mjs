// Finds what the Cargo.toml files name and no source uses: each dependency must stand in code of its crate as a path
// (`name::…`) or in a `use`, texts and comments aside; a module of ours of the same name is none. What tests alone use
// belongs under `dev-dependencies`. What is named for a feature alone stands in the list below, with the reason.
//
//   node scripts/unused-dependencies.mjs [FOLDER]      of another copy of the workspace
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)));
/** By crate: what no source of it names, and why it is there all the same. */
const UNNAMED = {
  frontend: { 'wasm-bindgen-futures': 'what wasm-bindgen makes of an `async fn` names it' },
};

const cargo = (...args) => JSON.parse(execFileSync('cargo', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 256 << 20 }));
const TEST = /(^|\/)(tests|benches|examples)\/|(^|\/)tests\.rs$|_tests\.rs$/;

function* rust(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'target') yield* rust(path);
    else if (entry.name.endsWith('.rs')) yield path;
  }
}

/** The code of a file: its comments, texts and single letters are blank. */
function bare(source) {
  const PIECE = /\/\/.*|\/\*[\s\S]*?\*\/|\bb?r(#*)"[\s\S]*?"\1|"(?:[^"\\]|\\[\s\S])*"|'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\])'/gu;
  return source.replace(PIECE, (piece) => (piece.startsWith('/') ? ' ' : '""'));
}

/** The first names of what a `use` names: of `{a::b, c}` both. */
function heads(tree) {
  const found = [];
  let deep = 0;
  let part = '';
  for (const letter of `${tree},`) {
    if (letter === '{') deep += 1;
    if (letter === '}') deep -= 1;
    if (letter !== ',' || deep) {
      part += letter;
      continue;
    }
    const name = part.trim().replace(/^::\s*/, '');
    if (name.startsWith('{')) found.push(...heads(name.slice(1, -1)));
    else found.push(name.match(/^(?:r#)?(\w*)/)[1]);
    part = '';
  }
  return found;
}

/** The crates that code names. */
function named(code) {
  const modules = new Set([...code.matchAll(/\bmod\s+(\w+)\s*[;{]/g)].map(([, name]) => name));
  const brought = new Set();
  const found = new Set();
  const rest = code.replace(/\buse\s+([^;]+);/g, (_, tree) => {
    for (const name of heads(tree)) found.add(name);
    // What a `use` brings is a name of its own from here on, and no crate's.
    const LEAF = /(?<=[:{,]\s*)(\w+)\s*(?:as\s+(\w+)\s*)?(?=[,}]|::\s*\{\s*self\b|$)/g;
    for (const [, name, alias] of tree.matchAll(LEAF)) brought.add(alias ?? name);
    return '';
  });
  for (const [, name] of rest.matchAll(/(?<![\w:.]|::\s)(?:::\s*)?\b(?:r#)?(\w+)\s*::/g)) {
    if (!brought.has(name)) found.add(name);
  }
  return new Set([...found].filter((name) => !modules.has(name)));
}

// With all features: what is named for one of them alone is told of by no other metadata.
const { packages, workspace_members } = cargo('metadata', '--format-version=1', '--locked', '--all-features');
/** What code calls a package. */
const library = new Map(packages.map(({ name, targets }) => [name, targets.find(({ kind }) => /lib|proc-macro/.test(kind))?.name ?? name]));
let faults = 0;
let looked = 0;
const fault = (text) => {
  faults += 1;
  console.error(text);
};

for (const member of packages.filter(({ id }) => workspace_members.includes(id))) {
  const folder = dirname(member.manifest_path);
  const files = new Map([...rust(folder)].map((path) => [path, bare(readFileSync(path, 'utf8'))]));
  // Files that a `#[cfg(test)] mod name;` names, and what is below them.
  const tests = [];
  for (const [path, code] of files) {
    for (const [, name] of code.matchAll(/#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;/g)) {
      tests.push(join(/\/(?:mod|lib|main)\.rs$/.test(path) ? dirname(path) : path.slice(0, -'.rs'.length), name));
    }
  }
  const used = new Set();
  const tested = new Set();
  for (const [path, code] of files) {
    const name = relative(folder, path);
    if (TEST.test(name) || tests.some((start) => path === `${start}.rs` || path.startsWith(`${start}/`))) {
      for (const crate of named(code)) tested.add(crate);
      continue;
    }
    // A file's own tests stand at its end.
    const end = code.search(/#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+ \{/);
    for (const crate of named(end < 0 ? code : code.slice(0, end))) used.add(crate);
    if (end >= 0) for (const crate of named(code.slice(end))) tested.add(crate);
  }
  const manifest = relative(ROOT, member.manifest_path);
  const unnamed = UNNAMED[member.name] ?? {};
  for (const { name, rename, kind } of member.dependencies) {
    looked += 1;
    const crate = (rename ?? library.get(name)).replaceAll('-', '_');
    const there = (kind === 'dev' ? tested : used).has(crate);
    if (there === Object.hasOwn(unnamed, name)) {
      fault(`${manifest}: ${name} is used ${there ? 'after all: scripts/unused-dependencies.mjs says otherwise' : tested.has(crate) ? 'by tests alone' : 'nowhere'}`);
    }
  }
  for (const name of Object.keys(unnamed).filter((known) => !member.dependencies.some((dependency) => dependency.name === known))) {
    fault(`${manifest}: ${name} is not named any more, but in scripts/unused-dependencies.mjs`);
  }
}
if (looked < 60) throw new Error(`only ${looked} dependencies were looked at`);
if (faults) process.exit(1);
console.log(`${looked} dependencies, each used by the crate that names it`);
