// Every page as it may be met: what accessibility and pictures go through.
import { fileURLToPath } from 'node:url';
import { isoDay } from './days.mjs';
import { conversationNamed } from './project.mjs';
import { expect, missing } from './test.mjs';

const thread = (name) => async () => `/conversations/${await conversationNamed('clinica-aurora', name)}`;

/** `path` is an address or finds one; `status` is what the server answers when that is not 200. */
export const pages = [
  { name: 'login', as: null, path: '/login' },
  { name: 'code', as: null, path: '/login/code' },
  { name: 'reset', as: null, path: '/reset' },
  { name: 'link-gone', as: null, path: '/invite/nada-aqui', status: 410 },
  { name: 'overview', as: 'ana', path: '/' },
  { name: 'overview-month', as: 'ana', path: '/?period=30' },
  { name: 'overview-today', as: 'ana', path: '/?period=today' },
  { name: 'unconfigured', as: 'nora', path: '/' },
  { name: 'conversations', as: 'ana', path: '/conversations' },
  { name: 'thread', as: 'ana', path: thread('Silvana do Textão') },
  { name: 'thread-emoji', as: 'ana', path: thread('Família Caju 👨‍👩‍👧‍👦🏳️‍🌈') },
  { name: 'thread-day', as: 'ana', path: async () => `${await thread('Silvana do Textão')()}?day=2019-03-04` },
  { name: 'thread-print', as: 'ana', path: async () => `${await thread('Silvana do Textão')()}/print` },
  { name: 'conversations-found', as: 'ana', path: '/conversations?status=bot' },
  { name: 'appointments', as: 'ana', path: '/appointments' },
  { name: 'appointments-past', as: 'ana', path: `/appointments?date=${isoDay(-7)}` },
  { name: 'appointments-empty', as: 'ana', path: '/appointments?date=2031-03-01' },
  { name: 'appointments-day', as: 'ana', path: `/appointments?view=day&date=${isoDay(-3)}` },
  { name: 'appointments-by-professional', as: 'ana', path: `/appointments?view=day&date=${isoDay(-3)}&group=professional` },
  { name: 'appointments-month', as: 'ana', path: '/appointments?view=month' },
  { name: 'appointments-list', as: 'ana', path: '/appointments?view=list&status=confirmed' },
  { name: 'appointment', as: 'ana', path: '/appointments/1200' },
  { name: 'appointment-missing', as: 'ana', path: '/appointments/999999', status: 404 },
  { name: 'credentials', as: 'ana', path: '/settings/credentials' },
  { name: 'pairing', as: 'ana', path: '/settings/credentials/evolution/qr' },
  { name: 'automation', as: 'ana', path: '/settings/credentials/automation' },
  { name: 'mapping', as: 'ana', path: '/settings/mapping' },
  { name: 'mapping-draft', as: 'mira', path: '/settings/mapping' },
  { name: 'audit', as: 'ana', path: '/settings/audit' },
  { name: 'audit-none', as: 'ana', path: '/settings/audit?who=ninguem-assim' },
  { name: 'audit-refused', as: 'ana', path: '/settings/audit?from=abacaxi' },
  { name: 'console', as: 'samuel', path: '/console' },
  { name: 'console-none', as: 'samuel', path: '/console?search=ninguem-assim' },
  { name: 'console-suspended', as: 'greta', path: '/console/tenants/suspensa' },
  { name: 'console-tenant', as: 'greta', path: '/console/tenants/clinica-aurora' },
  { name: 'console-new', as: 'greta', path: '/console/new' },
  { name: 'console-staff', as: 'greta', path: '/console/staff' },
  { name: 'console-audit', as: 'greta', path: '/console/audit' },
  { name: 'team', as: 'ana', path: '/settings/team' },
  { name: 'security', as: 'ana', path: '/settings/security' },
  { name: 'choose', as: 'ana', path: '/choose' },
  { name: 'not-allowed', as: 'vera', path: '/settings/credentials', status: 403 },
  { name: 'thread-missing', as: 'ana', path: '/conversations/999999', status: 404 },
  { name: 'not-found', as: 'ana', path: '/nada-aqui', status: 404 },
];

/**
 * Opens the page by `visit` and makes sure that it is the one that was meant: a session that ended would lead to the
 * sign-in page, which is accessible and fits every width too.
 */
export async function openPage(visit, page, { path, status = 200 }) {
  const address = typeof path === 'function' ? await path() : path;
  const response = await (status === 404 ? missing(visit, address) : visit(address));
  await expect(page).toHaveURL(address);
  expect(response.status(), address).toBe(status);
}

/** Chooses the colours as the product does, for all pages to come. */
export async function useTheme(context, baseURL, theme) {
  await context.addCookies([{ name: 'theme', value: theme, url: baseURL }]);
}

/** Chooses the language as the product does, for all pages to come. */
export async function useLanguage(context, baseURL, language) {
  await context.addCookies([{ name: 'lang', value: language, url: baseURL }]);
}

/** A picture of the whole page. The window grows to its height first: bars that stay in view then stand where they end. */
export async function picture(page, width, file) {
  await page.setViewportSize({ width, height: 800 });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 800) });
  await page.screenshot({ path: fileURLToPath(new URL(`../screenshots/${file}`, import.meta.url)), animations: 'disabled' });
}
