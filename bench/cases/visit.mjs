// A first visit: what is downloaded beside the page itself, and when the application runs in a browser that has nothing of ours yet.
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { firstVisit } from '../../scripts/first-visit.mjs';
import { attempt, median, quartiles, repeat, row } from '../measure.mjs';
import { ROOT, person, pinned, sharedServer, visitor } from '../world.mjs';

/** The wasm of a hello-router app of the same profile (opt-level z, fat LTO, wasm-opt), in KB of brotli: measured once, and kept. */
const HELLO = 181;
const VISITS = 9;

export default async function visit() {
  const bytes = await attempt('bytes of a first visit', async () => {
    const files = firstVisit(join(ROOT, 'target/site'));
    const kilobytes = (some) => some.reduce((sum, file) => sum + file.bytes, 0) / 1024;
    const wasm = kilobytes(files.filter(({ name }) => name.endsWith('.wasm')));
    return [
      row('first visit: script, wasm and style, brotli', kilobytes(files), { unit: 'KB', most: 320, behind: `${files.length} files` }),
      row('wasm of a first visit ÷ that of a hello-router app', wasm / HELLO, {
        most: 2.0,
        behind: `${Math.round(wasm)} ÷ ${HELLO} KB; the latter is a kept figure: a hello-router app of the same profile, measured once`,
      }),
    ];
  });
  return [...bytes, ...(await attempt('first visit: time to hydrated', hydrated))];
}

async function hydrated() {
  const { chromium } = createRequire(join(ROOT, 'end2end/package.json'))('playwright-core');
  const server = await sharedServer();
  const { cookie } = await visitor(server, person('c'));
  const [name, value] = cookie.split('=');
  const quiet = ['background-networking', 'component-update', 'sync', 'gpu'].map((word) => `--disable-${word}`);
  const browser = await chromium.launch({ executablePath: installed(), args: ['--no-sandbox', '--no-first-run', ...quiet] });
  try {
    const once = async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      await context.addCookies([{ name, value, url: server.base }]);
      await context.addInitScript(() => {
        new MutationObserver(() => {
          if (document.documentElement?.hasAttribute('data-hydrated')) window.hydratedAt ??= performance.now();
        }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-hydrated'] });
      });
      const page = await context.newPage();
      await page.goto(`${server.base}/`, { waitUntil: 'commit' });
      await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
      const at = await page.evaluate(() => window.hydratedAt);
      await context.close();
      return at;
    };
    await once(); // starts what a browser starts once
    const times = await repeat(VISITS, once);
    const behind = `Chromium ${browser.version()}${pinned ? ' on the load’s one core' : ''}, nothing cached, no network between`;
    return [row('first visit: time to hydrated', median(times), { unit: 'ms', spread: quartiles(times), behind })];
  } finally {
    await browser.close();
  }
}

/** The first browser there is of those that people have. */
function installed() {
  const names = [process.env.CHROMIUM, '/usr/bin/chromium', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = names.filter(Boolean).flatMap((name) => (name.includes('/') ? [name] : folders.map((folder) => join(folder, name))));
  const found = places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('no Chromium found; CHROMIUM can name one');
  return found;
}
