// Finds links in Markdown files that lead nowhere: to a file that is not there, or to a heading that a file has not. Links to
// other sites are not followed.
//
//   node scripts/links.mjs [FOLDER]      of the repository, unless another is said
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const BUILT = new Set(['.git', 'data', 'node_modules', 'target']);

function* markdown(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !BUILT.has(entry.name)) yield* markdown(join(folder, entry.name));
    else if (entry.name.endsWith('.md')) yield join(folder, entry.name);
  }
}

/** What is no code. */
const prose = (file) => readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => code.slice(1, -1).replace(/[[\]()]/g, ''));

/** By what the headings of a file are linked to. */
function headings(file) {
  const titles = [...prose(file).matchAll(/^#+ +(.*)$/gm)].map(([, title]) => title.trim());
  return new Set(titles.map((title) => title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')));
}

/** How many links there are below a folder, and a line for each that leads nowhere. */
export function links(root) {
  const broken = [];
  let all = 0;
  for (const file of markdown(root)) {
    for (const [, target] of prose(file).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      all += 1;
      const [path, heading] = target.split('#');
      const to = path ? join(dirname(file), decodeURIComponent(path)) : file;
      // What lies outside is not there for whoever has the folder alone.
      const there = !relative(root, to).startsWith('..') && existsSync(to);
      if (!there) broken.push(`${relative(root, file)}: there is no ${target}`);
      else if (heading !== undefined && !headings(to).has(heading)) broken.push(`${relative(root, file)}: ${target} is no heading of it`);
    }
  }
  return { all, broken };
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { all, broken } = links(realpathSync(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url))));
  if (broken.length) {
    console.error(broken.join('\n'));
    process.exit(1);
  }
  console.log(`${all} links within the documents lead somewhere`);
}
