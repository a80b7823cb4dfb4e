// Files to take away: a plain link, and with script how far it is and how many rows there are at the end.
import { readFile } from 'node:fs/promises';
import { count } from './project.mjs';
import { expect, test } from './test.mjs';

/** Records of a file whose cells may hold line breaks; its head is none. */
const records = (text) => text.replace(/"(?:[^"]|"")*"/g, '""').trimEnd().split('\r\n').length - 1;

for (const [path, label, table, name] of [
  ['/conversations', 'Baixar conversas (CSV)', 'conversations', 'conversas.csv'],
  ['/conversations', 'Baixar mensagens (CSV)', 'messages', 'mensagens.csv'],
]) {
  test(`${name} has every row, and says how many`, async ({ page, visit, mode }) => {
    await visit(path);
    const coming = page.waitForEvent('download');
    await page.getByRole('link', { name: label }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(name);
    const text = await readFile(await download.path(), 'utf8');
    expect(text.startsWith('\ufeff')).toBe(true);
    const all = await count('clinica-aurora', `${table}?select=id`);
    expect(records(text)).toBe(all);
    if (mode === 'wasm') {
      const words = `Baixado: ${all.toLocaleString('pt-BR')} linhas.`;
      await expect(page.getByRole('status').filter({ hasText: 'Baixado' })).toHaveText(words);
      await expect(page.getByRole('progressbar')).toHaveCount(0);
    }
  });
}

test('the audit trail says its rows too @script', async ({ page, visit }) => {
  await visit('/settings/audit');
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Baixar CSV' }).click();
  const text = await readFile(await (await coming).path(), 'utf8');
  const all = records(text);
  expect(all).toBeGreaterThan(0);
  const words = all === 1 ? '1 linha' : `${all.toLocaleString('pt-BR')} linhas`;
  await expect(page.getByRole('status').filter({ hasText: 'Baixado' })).toHaveText(`Baixado: ${words}.`);
});
