// How the browser tests run: Debian's Chromium (or another installed one), with WASM and with JavaScript switched off.
//
//   node scripts/with-stack.mjs npx --prefix end2end playwright test --config end2end/playwright.config.mjs
//
// PAINEL_BIN names the binary under test (default target/release/painel), CHROMIUM the browser.
import { defineConfig } from '@playwright/test';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// These need the barber's project to themselves: they make it fail, read it, or write to it. All go through their tests
// twice, with WASM and without JavaScript, one after the other.
const BARBER_ALONE = /(faults|isolation|live|slow)\.spec\.mjs/;
// What would say nothing without script: what only a running application does, axe (it needs timers in the page), and
// the same pictures once more.
const ONLY_WITH_SCRIPT = /@script/;

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  globalSetup: './setup.mjs',
  fullyParallel: true,
  workers: 2,
  // Once more, since a browser may hang on a busy machine. What passes only then is counted as flaky in the last lines.
  retries: 1,
  forbidOnly: true,
  timeout: 30_000,
  expect: { timeout: 7_000 },
  reporter: 'list',
  use: {
    locale: 'pt-BR',
    // Neither tenant's zone: a page that formats times in the browser shows other ones than expected.
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  projects: [
    { name: 'wasm', testIgnore: BARBER_ALONE },
    { name: 'plain', testIgnore: BARBER_ALONE, grepInvert: ONLY_WITH_SCRIPT, use: { javaScriptEnabled: false } },
    { name: 'barber', testMatch: BARBER_ALONE, workers: 1, fullyParallel: false },
  ],
});

/** The first browser there is of those that people have. */
function chromium() {
  const names = [process.env.CHROMIUM, '/usr/bin/chromium', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const places = names.filter(Boolean).flatMap((name) => (name.includes('/') ? [name] : folders.map((folder) => join(folder, name))));
  const found = places.find(runs);
  if (!found) throw new Error('No Chromium found: install it (scripts/browser.sh does), or set CHROMIUM to its path.');
  return found;
}

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
