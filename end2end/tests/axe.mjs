// axe with every rule of WCAG 2.2 A and AA. It needs timers in the page, so it runs only where JavaScript does.
import { expect } from '@playwright/test';
import axe from 'axe-core';

const EVERYTHING = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  rules: { 'target-size': { enabled: true } },
};
const CONTRAST = { runOnly: { type: 'rule', values: ['color-contrast'] } };

/** No violation on the page as it stands. */
export async function expectAccessible(page) {
  await expectNothing(page, EVERYTHING, ['color-contrast', 'html-has-lang', 'target-size']);
}

/** Every text stands out from its ground: for a page that has been looked at in other colours. */
export async function expectContrast(page) {
  await expectNothing(page, CONTRAST, ['color-contrast']);
}

/** Colours that are on their way to others are neither. What takes longer than any of ours is not waited for: a browser
 *  that draws nothing for a while has no next frame, and an animation that it forgot has no end. */
function settled(page) {
  return page.evaluate(async () => {
    const drawn = async () => {
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
      const ends = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ends.map(({ finished }) => finished));
    };
    await Promise.race([drawn(), new Promise((resolve) => setTimeout(resolve, 3_000))]);
  });
}

/** `looked`: the rules that must have had something to look at. */
async function expectNothing(page, options, looked) {
  await settled(page);
  // No page has frames, so axe runs in the page alone; and it describes only the elements it finds fault with.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate((options) => window.axe.run(options), { ...options, resultTypes: ['violations'] });
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
  expect(lines).toEqual([]);
  expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(looked));
}
