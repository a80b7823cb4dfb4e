// Looking for conversations: what is looked for stands in the address, and everything works without script too.
import { rows } from './project.mjs';
import { expect, test } from './test.mjs';

const items = (page) => page.locator('.talks > li');
const form = (page) => page.getByRole('search', { name: 'Procurar conversas' });
/** The page after the form was sent: the first row changes, or the list goes. */
const look = async (page, text) => {
  await form(page).getByLabel('Procurar').fill(text);
  await form(page).getByRole('button', { name: 'Procurar' }).click();
  await expect(page).toHaveURL(/[?&]q=/);
};

test('a contact is found by name, by number however it is written, and by words', async ({ page, visit }) => {
  const [someone] = await rows('clinica-aurora', 'conversations?select=id,name,phone&name=eq.Silvana do Textão&limit=1');
  const digits = someone.phone.replace(/\D/g, '').slice(2);
  await visit('/conversations');
  await look(page, 'silvana DO text');
  await expect(items(page)).toHaveCount(1);
  await expect(items(page).first()).toContainText('Silvana do Textão');
  // A search can be shared, and comes back with what was typed.
  await visit(page.url());
  await expect(form(page).getByLabel('Procurar')).toHaveValue('silvana DO text');
  await expect(items(page)).toHaveCount(1);

  const without = digits.length === 11 ? digits.slice(0, 2) + digits.slice(3) : digits;
  for (const number of [digits, without, `(${digits.slice(0, 2)}) ${digits.slice(2, -4)}-${digits.slice(-4)}`]) {
    await visit(`/conversations?q=${encodeURIComponent(number)}`);
    await expect(items(page).filter({ hasText: 'Silvana do Textão' }), number).toHaveCount(1);
  }

  const [said] = await rows('clinica-aurora', `messages?select=content&conversation_id=eq.${someone.id}&direction=eq.in&order=id.desc&limit=1`);
  const words = said.content.replace(/\s+/g, ' ').slice(0, 40).trim();
  await visit(`/conversations?q=${encodeURIComponent(words)}&author=contact`);
  await expect(items(page).filter({ hasText: 'Silvana do Textão' })).toHaveCount(1);
});

test('filters narrow the list, stay over its pages, and can be taken off', async ({ page, visit }) => {
  await visit('/conversations');
  await form(page).getByText('Filtros').click();
  await form(page).getByLabel('Estado').selectOption('robô');
  await form(page).getByRole('button', { name: 'Procurar' }).click();
  await expect(page).toHaveURL(/status=bot/);
  await expect(items(page).first()).toBeVisible();
  const words = await items(page).locator('.badge').allTextContents();
  expect(new Set(words)).toEqual(new Set(['robô']));
  await page.getByRole('link', { name: 'Mais antigas' }).click();
  await expect(page).toHaveURL(/status=bot.*before=|before=.*status=bot/);
  await expect.poll(async () => [...new Set(await items(page).locator('.badge').allTextContents())]).toEqual(['robô']);
  await form(page).getByRole('link', { name: 'Limpar' }).click();
  await expect(page).toHaveURL('/conversations');
});

test('what is nowhere says so, and signs are taken as they stand', async ({ page, visit }) => {
  for (const text of ['ninguém chamado assim', '%%%', '*"\\),(', "' or 1=1 --"]) {
    await visit(`/conversations?q=${encodeURIComponent(text)}`);
    await expect(page.getByText('Nada encontrado'), text).toBeVisible();
  }
  await visit('/conversations?from=abacaxi');
  await expect(form(page)).toContainText('Escolha uma data do calendário.');
});

test('what is found can be taken away as a file', async ({ page, visit }) => {
  await visit(`/conversations?q=${encodeURIComponent('Silvana do Textão')}`);
  const link = page.getByRole('link', { name: 'Baixar conversas (CSV)' });
  const answer = await page.request.get(await link.getAttribute('href'));
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-disposition']).toContain('conversas.csv');
  const lines = (await answer.text()).replace(/^\uFEFF/, '').trim().split('\r\n');
  expect(lines).toHaveLength(3); // the last one says where words were looked for
  expect(lines[0]).toBe('"contato";"telefone";"estado";"última mensagem";"começou";"mudou"');
  expect(lines[1]).toContain('Silvana do Textão');
});
