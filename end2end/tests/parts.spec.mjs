// The application in parts: the first page is there with the frame, another brings its own and no other's, and one that cannot
// be had takes nothing away.
import { expect, test } from './test.mjs';

const OF_WORK = /\/pkg\/[\w-]+\/split_work\.[\w-]+\.wasm$/;

test.describe('with script', { tag: '@script' }, () => {
  test('a first visit brings the frame and no part, once, from files that are kept for ever', async ({ page, visit }) => {
    const asked = [];
    page.on('response', (response) => {
      if (/\/pkg\/.*\.(js|wasm)$/.test(response.url())) asked.push([response.url().split('/').pop(), response.headers()['cache-control']]);
    });
    await visit('/');
    const names = asked.map(([name]) => name);
    expect(names.filter((name) => /^(split|chunk)_/.test(name))).toEqual([]);
    expect(names).toEqual([...new Set(names)]);
    expect(asked.filter(([, kept]) => kept !== 'public, max-age=31536000, immutable')).toEqual([]);

    await page.getByRole('link', { name: 'Conversas' }).first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'Conversas' })).toBeVisible();
    expect(asked.map(([name]) => name)).toContainEqual(expect.stringMatching(/^split_work\./));
    // It came by the click: the page is the same document.
    expect(await page.evaluate(() => performance.getEntriesByType('navigation')[0].name)).toMatch(/\/$/);
  });

  test('a part that does not come leaves the page as the server sent it', async ({ page, context, complaints }) => {
    complaints.expect(/net::ERR_FAILED|Failed to fetch|split/);
    await context.route(OF_WORK, (route) => route.abort());
    await page.goto('/conversations');
    await expect(page.getByRole('heading', { level: 1, name: 'Conversas' })).toBeVisible();
    await page.locator('main [data-row] a, main a[data-row]').first().click();
    await expect(page).toHaveURL(/\/conversations\/.+/);
    await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
  });

  test('a part that does not come at a click makes it a visit', async ({ page, context, visit, complaints }) => {
    complaints.expect(/net::ERR_FAILED|Failed to fetch|split/);
    await visit('/');
    await context.route(OF_WORK, (route) => route.abort());
    const loaded = page.waitForEvent('load');
    await page.getByRole('link', { name: 'Conversas' }).first().click();
    await loaded;
    await expect(page).toHaveURL('/conversations');
    await expect(page.getByRole('heading', { level: 1, name: 'Conversas' })).toBeVisible();
  });
});
