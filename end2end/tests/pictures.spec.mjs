// The main pages look as they did. Kept is a coarse picture of each in tests/pictures: what stands where, on which ground.
// Words are drawn in no colour, and what follows the day or the project's rows has a size of its own and nothing in it, so that
// another date, other rows and another machine's letters are the same picture; a panel that moved or is gone, or another
// ground, is another. Only the first screen is looked at.
//
// UPDATE_PICTURES=1 writes the kept pictures, and nothing else does. Where one differs, test-results has the picture.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { dress, undress } from './dress.mjs';
import { gridOf, keep, keptGrid, unlike } from './likeness.mjs';
import { openPage, pages, useTheme } from './pages.mjs';
import { expect, test as base } from './test.mjs';

const SCREENS = [
  { screen: '1280-light', width: 1280, height: 800, colorScheme: 'light' },
  { screen: '1280-dark', width: 1280, height: 800, colorScheme: 'dark' },
  { screen: '360-light', width: 360, height: 740, colorScheme: 'light' },
];

/** On every page: words, instants and states; and notices that come and go by themselves. */
const EVERYWHERE = `
  *, *::before, *::after, ::placeholder { -webkit-text-fill-color: transparent; text-decoration-color: transparent; }
  time { display: inline-block; inline-size: 6rem; overflow: hidden; vertical-align: top; white-space: nowrap; }
  .badge { inline-size: 6rem; overflow: hidden; }
  .badge, .mark, .live { visibility: hidden; }
  .glass, .troubles { display: none; }
`;

/** The pages, by their names in pages.mjs, and what else is not the same every day on them. */
const PAGES = {
  login: '',
  overview: `
    .page-head > div { flex: 0 1 24rem; }
    .page-asof { flex: 1 1 100%; }
    .period-label { overflow: hidden; white-space: nowrap; }
    .figure { block-size: 8rem; overflow: hidden; }
    .columns > .card { block-size: 26rem; overflow: hidden; }
    .columns > .card > :not(h2) { visibility: hidden; }
  `,
  conversations: '',
  thread: `
    .talk[aria-current] { background: none; box-shadow: none; }
    .thread-body { block-size: 60rem; overflow: hidden; }
    .thread-body > * { visibility: hidden; }
  `,
  appointments: `
    .page-head > div { flex: 0 1 24rem; min-inline-size: 0; }
    .page-sub { overflow: hidden; white-space: nowrap; }
    .hours-head .badge, .hours-long, .hours-body > * { display: none; }
  `,
  // Who typed the password a while ago is asked for it again; checks go on beside the pages.
  credentials: `
    .field:has(> [name="current"]) { display: none; }
    .health { block-size: 5rem; overflow: hidden; visibility: hidden; }
  `,
  mapping: '',
  team: '',
  security: '.rows tbody tr:not(:first-child) { display: none; }',
  console: '',
  'not-found': '',
};

const test = base.extend({
  /** A page beside the one under test, for reading and drawing pictures. */
  bench: async ({ browser }, use) => {
    const bench = await browser.newPage();
    await use(bench);
    await bench.close();
  },
});

/** Opens a page, without anything that another day would change. */
async function open({ page, visit, context, baseURL }, aPage) {
  await useTheme(context, baseURL, 'system');
  await openPage(visit, page, aPage);
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await dress(page, EVERYWHERE + PAGES[aPage.name]);
  await expect(page.locator('h1')).toHaveCSS('-webkit-text-fill-color', 'rgba(0, 0, 0, 0)');
}

/** What one sees of it on a screen. */
async function look(page, { width, height, colorScheme }) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  return page.screenshot({ animations: 'disabled' });
}

const named = (name) => pages.find((aPage) => aPage.name === name);

for (const name of Object.keys(PAGES)) {
  const aPage = named(name);
  test.describe(name, { tag: '@script' }, () => {
    test.use({ signedInAs: aPage.as });
    test.beforeEach(({ complaints }) => aPage.status && complaints.expect(new RegExp(`status of ${aPage.status}`)));

    test(`${name} looks as it did`, async ({ page, visit, context, baseURL, bench }, info) => {
      await open({ page, visit, context, baseURL }, aPage);
      for (const { screen, ...size } of SCREENS) {
        const picture = await look(page, size);
        const now = await gridOf(bench, picture);
        const file = fileURLToPath(new URL(`./pictures/${name}-${screen}.png`, import.meta.url));
        if (process.env.UPDATE_PICTURES) {
          await keep(bench, now, file);
          continue;
        }
        const kept = await keptGrid(bench, file);
        const told = kept ? unlike(kept, now) : 'none is kept; UPDATE_PICTURES=1 writes it';
        if (told) {
          await writeFile(info.outputPath(`${name}-${screen}.png`), picture);
          await keep(bench, now, info.outputPath(`${name}-${screen}-cells.png`));
        }
        expect.soft(told, `tests/pictures/${name}-${screen}.png`).toBe('');
      }
    });
  });
}

test.describe('the comparison', { tag: '@script' }, () => {
  const CHANGES = {
    'a panel that moved by 40 px': '[aria-labelledby="members"] { translate: 0 40px; }',
    'a panel that is gone': '[aria-labelledby="members"] { display: none; }',
    'a panel without its ground': '.card { background: none; }',
    'another ground': 'html { background: oklch(0.95 0.02 90); }',
    'a page beside its place': '.page { padding-inline-start: 96px; }',
  };

  test('tells what moved, what is gone and another ground, and not other words', async ({ page, visit, context, baseURL, bench }) => {
    await open({ page, visit, context, baseURL }, named('team'));
    for (const { screen, ...size } of SCREENS) {
      const grid = async () => gridOf(bench, await look(page, size));
      const before = await grid();
      await page.evaluate(() => document.querySelectorAll('h1, time').forEach((words) => (words.textContent = 'Outras palavras')));
      expect(unlike(before, await grid()), `other words at ${screen}`).toBe('');
      for (const [what, css] of Object.entries(CHANGES)) {
        await dress(page, css);
        expect(unlike(before, await grid()), `${what} at ${screen}`).not.toBe('');
        await undress(page);
      }
      expect(unlike(before, await grid())).toBe('');
    }
  });
});
