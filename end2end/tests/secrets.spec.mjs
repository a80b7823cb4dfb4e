// A saved secret is nowhere but sealed: not in the database's files, not in a log that tells everything, not in any
// response. Nor are passwords and session ids.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { people } from '../people.mjs';
import { databaseFiles } from '../server.mjs';
import { isoDay } from './days.mjs';
import { shapesIn, shapesOf } from './scan.mjs';
import { expect, test } from './test.mjs';
import { theWorld } from './world.mjs';

const random = () => randomBytes(16).toString('hex');
const keptBytes = () => Buffer.concat(databaseFiles(theWorld().folder).map((file) => readFileSync(file)));
const loggedBytes = () => readFileSync(theWorld().log);

/** Keeps address, headers and body of every response. `whole()` waits for those under way. */
function recordResponses(page) {
  const parts = [];
  page.on('response', (response) => {
    const read = async () => {
      const body = await response.body().catch(() => Buffer.alloc(0)); // a redirect has none
      const headers = await response.headersArray().catch(() => []);
      return Buffer.concat([Buffer.from(`${response.url()}\n${JSON.stringify(headers)}\n${headers.map(({ value }) => value).join('\n')}\n`), body]);
    };
    parts.push(read());
  });
  return { whole: async () => Buffer.concat(await Promise.all(parts)), count: () => parts.length };
}

test('the scanner finds a secret in every shape', () => {
  const secret = `canario-${random()}&<"+/=%\\-fim`;
  for (const before of ['', 'x', 'xy', '{"value":"']) {
    for (const kind of ['hex', 'base64', 'base64url', 'utf8']) {
      const planted = Buffer.from(`lead in ${Buffer.from(`${before}${secret} and more`).toString(kind)} lead out`);
      expect(shapesIn(planted, secret), `${kind} after ${before.length} bytes`).not.toEqual([]);
    }
  }
  for (const [name, text] of shapesOf(secret)) expect(shapesIn(Buffer.from(`…${text}…`), secret)).toContain(name);
  expect(shapesIn(Buffer.from('canario- but another one'), secret)).toEqual([]);
});

test.describe('what was saved', () => {
  test.use({ signedInAs: async ({ whose }, use) => use(`sofia-${whose}`), fresh: true });

  test('is nowhere to be found', async ({ page, visit, complaints }) => {
    test.setTimeout(60_000);
    complaints.expect(/status of (404|422)/);
    const refused = `EAA${random()}${random()}`;
    const token = `EAA${random()}${random()}`;
    const odd = `canario-${random()}&<"+/=%\\-fim`;
    const hook = random();
    const secrets = { refused, token, odd, hook };
    const responses = recordResponses(page);
    const fill = async (name, fields) => {
      const card = page.getByRole('region', { name });
      for (const [label, value] of Object.entries(fields)) await card.getByLabel(new RegExp(`^${label}`)).fill(value);
      await card.getByRole('button', { name: 'Guardar' }).click();
    };

    await visit('/settings/credentials');
    await fill('WhatsApp Business', { 'ID do número': 'errado', 'Token de acesso': refused });
    await expect(page.getByRole('alert')).toBeVisible();
    await fill('WhatsApp Business', { 'ID do número': '106540352242922', 'Token de acesso': token });
    await expect(page.getByRole('status')).toContainText('WhatsApp Business guardado e selado.');
    await fill('Evolution API', { 'Endereço do servidor': 'https://evo.livraria.example', Instância: 'livraria', 'Token da instância': odd });
    await expect(page.getByRole('status')).toContainText('Evolution API guardado e selado.');
    await fill('n8n', { 'URL do webhook': `https://n8n.livraria.example/webhook/${hook}` });
    await expect(page.getByRole('status')).toContainText('n8n guardado e selado.');

    for (const path of ['/', '/conversations', '/conversations/1500', '/appointments', `/appointments?date=${isoDay(-7)}`, '/settings/credentials', '/nada-aqui', '/api/credentials/list']) {
      await page.goto(path);
    }
    await visit('/settings/credentials');
    const sent = await responses.whole();
    const [kept, logged] = [keptBytes(), loggedBytes()];

    // The right bytes were read: the last four characters were sent, the rows are kept, the saving is logged.
    expect(responses.count()).toBeGreaterThan(12);
    expect(sent.includes(token.slice(-4))).toBe(true);
    expect(kept.includes('evolution')).toBe(true);
    expect(logged.includes('credential saved')).toBe(true);
    expect(logged.includes('TRACE')).toBe(true);

    for (const [name, secret] of Object.entries(secrets)) {
      for (const [place, bytes] of Object.entries({ responses: sent, database: kept, log: logged })) {
        expect(shapesIn(bytes, secret), `${name} in the ${place}`).toEqual([]);
      }
    }
  });
});

test.describe('signing in', () => {
  test.use({ signedInAs: null });

  test('leaves neither password nor session id behind', async ({ page, visit, loading, context, complaints, whose }) => {
    complaints.expect(/status of 401/);
    const { email, password } = people[`sofia-${whose}`];
    const wrong = `quase-${random()}`;
    const fill = async (value) => {
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Senha').fill(value);
      await page.getByRole('button', { name: 'Entrar' }).click();
    };
    await visit('/login');
    await fill(wrong);
    await expect(page.getByRole('alert')).toBeVisible();
    await page.waitForTimeout(1_100); // what a wrong password costs
    await loading(() => fill(password));
    await expect(page).toHaveURL('/');
    await visit('/conversations');
    const session = (await context.cookies()).find(({ name }) => name.endsWith('painel')).value;
    expect(session.length).toBeGreaterThan(20);
    for (const [name, secret] of Object.entries({ wrong, password, session })) {
      expect(shapesIn(keptBytes(), secret), `${name} in the database`).toEqual([]);
      expect(shapesIn(loggedBytes(), secret), `${name} in the log`).toEqual([]);
    }
  });
});
