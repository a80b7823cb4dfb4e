// Every page as it may be met: what accessibility and pictures go through.
import { fileURLToPath } from 'node:url';
import { isoDay } from './days.mjs';
import { conversationNamed } from './project.mjs';

const thread = (name) => async () => `/conversations/${await conversationNamed('clinica-aurora', name)}`;

/** `path` is an address or finds one; `status` is what the server answers when that is not 200. */
export const pages = [
  { name: 'login', as: null, path: '/login' },
  { name: 'overview', as: 'ana', path: '/' },
  { name: 'unconfigured', as: 'nora', path: '/' },
  { name: 'conversations', as: 'ana', path: '/conversations' },
  { name: 'thread', as: 'ana', path: thread('Silvana do Textão') },
  { name: 'thread-emoji', as: 'ana', path: thread('Família Caju 👨‍👩‍👧‍👦🏳️‍🌈') },
  { name: 'appointments', as: 'ana', path: '/appointments' },
  { name: 'appointments-past', as: 'ana', path: `/appointments?from=${isoDay(-7)}` },
  { name: 'appointments-empty', as: 'ana', path: '/appointments?from=2031-03-01' },
  { name: 'credentials', as: 'ana', path: '/settings/credentials' },
  { name: 'not-allowed', as: 'vera', path: '/settings/credentials', status: 403 },
  { name: 'thread-missing', as: 'ana', path: '/conversations/999999', status: 404 },
  { name: 'not-found', as: 'ana', path: '/nada-aqui', status: 404 },
];

/** The page's address. */
export async function addressOf({ path }) {
  return typeof path === 'function' ? path() : path;
}

/** Chooses the colours as the product does, for all pages to come. */
export async function useTheme(context, baseURL, theme) {
  await context.addCookies([{ name: 'theme', value: theme, url: baseURL }]);
}

/** A picture of the whole page. The window grows to its height first: bars that stay in view then stand where they end. */
export async function picture(page, width, file) {
  await page.setViewportSize({ width, height: 800 });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, 800) });
  await page.screenshot({ path: fileURLToPath(new URL(`../screenshots/${file}`, import.meta.url)), animations: 'disabled' });
}
