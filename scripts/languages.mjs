// Finds Portuguese, by its letters and commonest words, that has no English beside it: every text that people read stands in `tr!(…)` or `both!(…)`, which want
// both. A text with Portuguese letters or words outside of them is named, and the script fails. Texts that are no words of
// ours (what tables of tenants are called, names of cities, what is looked for in them) stand in the list below.
//
//   node scripts/languages.mjs
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where what people read is made. */
const PLACES = ['app/src', ...['auth', 'backend', 'health', 'live', 'mail', 'mapping', 'overview', 'project', 'providers', 'web', 'words'].map((room) => `server/src/${room}`)];
const TEST = /(^|\/)tests(\.rs$|\/)|_tests\.rs$|contract_rows\.rs$|rendered\.rs$/;
/** Files with words that are no texts of ours, or whose texts are in pairs anyway. */
const OTHER = new Set([
  'app/src/mapping/fields.rs', // a constant form: its type `Words` wants both
  'server/src/auth/rules.rs', // what bad passwords are made of
  'server/src/mapping/detect.rs', // what tables and columns of tenants are called, and what stands in them
  'server/src/mapping/speech.rs',
  'server/src/mapping/when.rs',
  'server/src/mapping/words.rs',
  'server/src/web/machine.rs', // what programs of tenants read
]);
/** By file: texts that may stand alone. */
const ALONE = {
  'app/src/console/zone.rs': ['Fortaleza, Natal', 'Maceió', 'Belém', 'Santarém', 'Cuiabá'], // cities
  'app/src/lang.rs': ['Português'], // the language's own name
  'app/src/mapping/begin.rs': ['Kit Secretária (n8n_historico', 'Kit Secretária (n8n_agendamentos'], // a template's name
  'server/src/words/time.rs': ['São Paulo', 'Belém', 'Cuiabá', 'Maceió', 'Araguaína', 'Santarém', 'Eirunepé', 'março'],
  // In pairs, which a match on the language parts.
  'server/src/providers/span.rs': ['menos de um minuto', 'hora', 'dia'],
  'server/src/providers/supabase/table.rs': ['a coluna'],
  'server/src/words/status.rs': ['robô'],
  // Kept in the trail in Portuguese, whoever reads it; words/audit.rs has the English.
  'server/src/backend/thread.rs': ['conversa para imprimir'],
  'server/src/words/audit.rs': ['não', 'nome', 'domínio', 'conta nova', 'conexões', 'conversa para imprimir', 'versão ', 'automação: '],
  // Keys of a file for programs.
  'server/src/backend/export.rs': ['nome'],
};
/** Addresses and names of files. */
const NAME = /^\/|^[\w.-]+\.(?:csv|ics|json)$/;

const PORTUGUESE = /[áàâãçéêíóôõúÁÀÂÃÇÉÊÍÓÔÕÚ]|\b(?:que|para|uma|um|seu|sua|pelo|pela|nenhum|nenhuma|este|esta|aqui|hoje|ontem|guardar|salvar|remover|conversas?|mensage(?:m|ns)|agendamentos?|cliente|senha|conta|convite|equipe|tabelas?|coluna|dia|horas?|mais|quem|quando|onde|nada|nome|novo|nova|cada)\b/i;

/** The texts of a Rust file that stand outside `tr!` and `both!`: `[line, text]`. What follows `#[cfg(test)]` is left out. */
function alone(source) {
  const end = source.search(/#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+ \{/);
  const code = end < 0 ? source : source.slice(0, end);
  const found = [];
  const parens = []; // for each open one whether it is a macro's of ours, or within one
  const inside = () => parens.at(-1) === true;
  let line = 1;
  for (let at = 0; at < code.length; at += 1) {
    const rest = () => code.slice(at);
    const skip = (length) => {
      line += (code.slice(at, at + length).match(/\n/g) ?? []).length;
      at += length - 1;
    };
    const letter = code[at];
    if (letter === '\n') line += 1;
    else if (code.startsWith('//', at)) skip(rest().search(/\n|$/));
    else if (letter === '(') parens.push(inside() || /\b(?:tr|both)!$/.test(code.slice(Math.max(0, at - 6), at)));
    else if (letter === ')') parens.pop();
    else if (letter === 'r' && /^r#*"/.test(code.slice(at, at + 6)) && !/\w/.test(code[at - 1] ?? '')) {
      const [, hashes] = /^r(#*)"/.exec(rest());
      const close = code.indexOf(`"${hashes}`, at + hashes.length + 2);
      skip(close + 1 + hashes.length - at);
    } else if (letter === '"') {
      const [whole, text] = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(rest());
      if (!inside() && PORTUGUESE.test(text) && !NAME.test(text)) found.push([line, text]);
      skip(whole.length);
    } else if (letter === "'") {
      const char = /^'(?:\\(?:u\{[^}]*\}|x..|.)|[^'\\])'/u.exec(code.slice(at, at + 12));
      if (char) skip(char[0].length);
    }
  }
  return found;
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.name.endsWith('.rs')) yield path;
  }
}

let faults = 0;
let looked = 0;
const unused = new Map(Object.entries(ALONE).map(([file, texts]) => [file, new Set(texts)]));
for (const place of PLACES) {
  for (const path of files(join(ROOT, place))) {
    const name = relative(ROOT, path);
    if (TEST.test(name) || OTHER.has(name)) continue;
    looked += 1;
    for (const [line, text] of alone(readFileSync(path, 'utf8'))) {
      const known = ALONE[name]?.find((word) => text.includes(word));
      if (known) unused.get(name).delete(known);
      else {
        faults += 1;
        console.error(`${name}:${line}: "${text.replace(/\s+/g, ' ').slice(0, 90)}" has no English beside it`);
      }
    }
  }
}
for (const [file, words] of unused) {
  for (const word of words) {
    faults += 1;
    console.error(`scripts/languages.mjs: nothing in ${file} has “${word}” any more`);
  }
}
if (looked < 100) throw new Error(`only ${looked} files were looked at`);
if (faults) process.exit(1);
console.log(`${looked} files: no Portuguese stands without its English`);
