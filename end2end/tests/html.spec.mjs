// Valid HTML: every page as the server sends it, before any script, by html-validate's recommended rules.
import { HtmlValidate } from 'html-validate';
import rules from '../html-validate.mjs';
import { pages } from './pages.mjs';
import { expect, missing, test } from './test.mjs';

const validator = new HtmlValidate(rules);

for (const aPage of pages) {
  test.describe(aPage.name, () => {
    test.use({ signedInAs: aPage.as });

    test(`the HTML of ${aPage.name} is valid`, async ({ context, mode }) => {
      test.skip(mode === 'wasm', 'the same bytes with and without script');
      const address = typeof aPage.path === 'function' ? await aPage.path() : aPage.path;
      const get = (path) => context.request.get(path, { headers: { accept: 'text/html' }, maxRedirects: 0 });
      const answer = await (aPage.status === 404 ? missing(get, address) : get(address));
      expect(answer.status(), address).toBe(aPage.status ?? 200);
      // Leptos marks places by <!>, which browsers read as an empty comment and the validator does not read at all.
      const html = (await answer.text()).replaceAll('<!>', '');
      const { results } = await validator.validateString(html);
      const found = results.flatMap(({ messages }) => messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} at ${selector}`));
      expect(found).toEqual([]);
    });
  });
}
