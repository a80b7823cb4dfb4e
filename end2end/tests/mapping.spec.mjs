// Tables with other names: looked for, corrected, looked at on the tenant's own rows, put in use, and taken back.
import { expect, test } from './test.mjs';
import { theWorld } from './world.mjs';

const PAGE = '/settings/mapping';
const card = (page, name) => page.getByRole('region', { name, exact: true });

// One tenant for all of these: each stands on what the one before did.
test.describe.configure({ mode: 'serial' });
test.use({ signedInAs: async ({ whose }, use) => use(`marcia-${whose}`), fresh: true });

test('from tables that nobody knows to the first conversation', async ({ page, visit, loading, mode }) => {
  const [ana] = theWorld().stack.story.people.filter(({ name }) => name === 'Ana Prado');
  // The default tables are not these: the list says so, and leads on.
  await visit('/conversations');
  await expect(page.getByRole('alert')).toContainText('em Tabelas');
  await page.getByRole('link', { name: 'Abrir Tabelas' }).click();
  await expect(page).toHaveURL(PAGE);
  await expect(page.getByRole('heading', { name: 'Em uso: as tabelas padrão' })).toBeVisible();

  await loading(() => page.getByRole('button', { name: 'Procurar', exact: true }).click());
  await expect(page.getByRole('status')).toContainText('nada mudou ainda');
  const preview = card(page, 'Como fica');
  await expect(preview).toContainText('Ana Prado');
  await expect(preview).toContainText('Quando');

  // A slip: the field says so, what was typed stays, and it cannot be put in use.
  const draft = card(page, 'Rascunho');
  const field = draft.getByLabel('Nome do contato').first();
  const was = await field.inputValue();
  await field.fill('message->');
  await loading(() => draft.getByRole('button', { name: 'Guardar o rascunho e ver como fica' }).click());
  await expect(draft).toContainText('Um campo precisa de acerto.');
  await expect(field).toHaveValue('message->');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('button', { name: 'Pôr em uso' })).toHaveCount(0);
  await field.fill(was);
  if (mode === 'plain') {
    // This project holds other clients' rows and deleted ones too.
    const only = draft.getByLabel('Só as linhas em que');
    const own = 'tenant_id = t1\ndeleted_at = (vazio)';
    const through = 'conversations(tenant_id) = t1\nconversations(deleted_at) = (vazio)';
    for (const [at, text] of [own, through, own].entries()) {
      const details = draft.locator('details').nth(at);
      if (!(await details.evaluate((element) => element.open))) await details.locator('summary').click();
      await only.nth(at).fill(text);
    }
  }
  await loading(() => draft.getByRole('button', { name: 'Guardar o rascunho e ver como fica' }).click());
  await expect(draft.locator('.field-error')).toHaveCount(0);

  await loading(() => page.getByRole('button', { name: 'Pôr em uso' }).click());
  await expect(page.getByRole('heading', { name: 'Em uso: versão 1' })).toBeVisible();
  await visit('/conversations');
  await expect(page.locator('a.talk')).toHaveCount(50);
  await page.getByRole('link', { name: /Ana Prado/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ana Prado' })).toBeVisible();
  for (const { text } of ana.messages.slice(-3)) await expect(page.locator('.bubble').filter({ hasText: text }).last()).toBeVisible();
  await visit('/appointments?view=list');
  await expect(page.locator('.slot').first()).toBeVisible();
});

test('back to the default tables, and forth again', async ({ page, visit, loading }) => {
  await visit(PAGE);
  const versions = card(page, 'Versões');
  await loading(() => versions.getByRole('button', { name: 'Voltar às tabelas padrão' }).click());
  await expect(page.getByRole('heading', { name: 'Em uso: versão 2' })).toBeVisible();
  await expect(versions).toContainText('volta ao padrão');
  await loading(() => versions.getByRole('button', { name: 'Voltar à versão 1' }).click());
  await expect(page.getByRole('heading', { name: 'Em uso: versão 3' })).toBeVisible();
  await visit('/conversations');
  await expect(page.locator('a.talk')).toHaveCount(50);
  // Both steps stand in the trail.
  await visit('/settings/audit');
  await expect(page.locator('.rows').getByText('mapeamento anterior de volta').first()).toBeVisible();
});
