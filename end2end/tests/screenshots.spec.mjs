// With PICTURES=1: pictures of every page at three widths in light and dark, to be looked at, in
// end2end/screenshots/<page>-<width>-<theme>.png. With PICTURES=en: the same in English, in <page>-<width>-<theme>-en.png.
// With README_SHOT=1: docs/overview.png, the one in the README.
import { fileURLToPath } from 'node:url';
import { openPage, pages, picture, useLanguage, useTheme } from './pages.mjs';
import { expect, test } from './test.mjs';

const WIDTHS = [360, 768, 1280];
const ENGLISH = process.env.PICTURES === 'en';

// Nothing is checked by them that another test does not check faster, so they are taken when somebody wants to look.
for (const aPage of process.env.PICTURES ? pages : []) {
  test.describe(aPage.name, { tag: '@script' }, () => {
    test.use({ signedInAs: aPage.as });

    test(`${aPage.name} in light and dark`, async ({ page, visit, context, baseURL, complaints }) => {
      if (aPage.status) complaints.expect(new RegExp(`status of ${aPage.status}`));
      await useTheme(context, baseURL, 'system');
      if (ENGLISH) await useLanguage(context, baseURL, 'en');
      await openPage(visit, page, aPage);
      await expect(page.locator('.skeleton')).toHaveCount(0);
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        for (const width of WIDTHS) await picture(page, width, `${aPage.name}-${width}-${theme}${ENGLISH ? '-en' : ''}.png`);
      }
    });
  });
}

// Not at every run: it would change a committed file.
if (process.env.README_SHOT) {
  test('the overview for the README', { tag: '@script' }, async ({ page, visit, context, baseURL }) => {
    await useTheme(context, baseURL, 'light');
    await visit('/');
    await page.screenshot({ path: fileURLToPath(new URL('../../docs/overview.png', import.meta.url)), animations: 'disabled' });
  });
}
