// axe with every rule of WCAG 2.2 A and AA. It needs timers in the page, so it runs only where JavaScript does.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** No violation on the page as it stands. */
export async function expectAccessible(page) {
  const axe = new AxeBuilder({ page }).options({ rules: { 'target-size': { enabled: true } } }).withTags(TAGS);
  const { violations, passes } = await axe.analyze();
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
  expect(lines).toEqual([]);
  expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(['color-contrast', 'html-has-lang', 'target-size']));
}
