// The gateway's contract: keys, refusals, paths. Each row is one that a hosted project shows.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { get, startStack } from './running-stack.mjs';

const TABLE = '/rest/v1/conversations?select=id&limit=1';

describe('the gateway', () => {
  let stack, clinic, barber;
  before(async () => ({ clinic, barber } = stack = await startStack()));
  after(() => stack.end());

  const ask = (path, headers) => get(clinic.url + path, headers);

  test('refuses a request without a key', async () => {
    for (const path of [TABLE, '/rest/v1/', '/auth/v1/settings', '/auth/v1/health']) {
      const { status, body } = await ask(path);
      assert.equal(status, 401);
      assert.deepEqual(body, { message: 'No API key found in request', hint: 'No `apikey` request header or url param was found.' });
    }
  });

  test('refuses an unknown key, and the other project’s keys', async () => {
    const wrong = ['nonsense', clinic.publishable_key.slice(0, -1), clinic.expired_anon_key, barber.publishable_key, barber.anon_key, barber.service_role_key];
    for (const apikey of wrong) {
      for (const path of [TABLE, '/auth/v1/settings']) {
        const { status, body } = await ask(path, { apikey });
        assert.equal(status, 401);
        assert.deepEqual(body, { message: 'Invalid API key', hint: 'Double check your Supabase `anon` or `service_role` API key.' });
      }
    }
  });

  test('lets every kind of key through, in the header or in the query', async () => {
    for (const apikey of [clinic.publishable_key, clinic.secret_key, clinic.anon_key, clinic.service_role_key]) {
      assert.equal((await ask(TABLE, { apikey, 'user-agent': 'painel' })).body.length, 1);
      assert.equal((await ask(`${TABLE}&apikey=${apikey}`, { 'user-agent': 'painel' })).body.length, 1);
    }
  });

  test('keeps the kinds apart: only service keys read behind row level security', async () => {
    const rows = async (apikey, table) => (await ask(`/rest/v1/${table}`, { apikey })).body.length;
    for (const apikey of [clinic.publishable_key, clinic.anon_key]) {
      assert.equal(await rows(apikey, 'hidden_rows'), 0);
      const { status, body, headers } = await ask('/rest/v1/secret_stuff', { apikey });
      assert.equal(status, 401);
      assert.equal(headers.get('www-authenticate'), 'Bearer');
      assert.deepEqual(body, { code: '42501', details: null, hint: null, message: 'permission denied for table secret_stuff' });
    }
    for (const apikey of [clinic.secret_key, clinic.service_role_key]) {
      assert.equal(await rows(apikey, 'hidden_rows'), 3);
      assert.equal(await rows(apikey, 'secret_stuff'), 1);
    }
  });

  test('shows the root to service keys only', async () => {
    for (const root of ['/rest/v1/', '/rest/v1']) {
      const anon = await ask(root, { apikey: clinic.anon_key });
      assert.equal(anon.status, 401);
      assert.deepEqual(anon.body, { message: 'Invalid API key', hint: 'Only the `service_role` API key can be used for this endpoint.' });
      const publishable = await ask(root, { apikey: clinic.publishable_key });
      assert.equal(publishable.status, 401);
      assert.deepEqual(publishable.body, { message: 'Secret API key required', hint: 'Only secret API keys can be used for this endpoint.' });
      for (const apikey of [clinic.secret_key, clinic.service_role_key]) {
        const { status, headers } = await ask(root, { apikey });
        assert.equal(status, 200);
        assert.match(headers.get('content-type'), /openapi/);
      }
    }
  });

  test('refuses a secret key that a browser sends', async () => {
    const { status, body } = await ask(TABLE, { apikey: clinic.secret_key, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' });
    assert.equal(status, 401);
    assert.equal(body.message, 'Forbidden use of secret API key in browser');
  });

  test('reads Authorization as Supabase does', async () => {
    const apikey = clinic.publishable_key;
    const withToken = (token) => ask(TABLE, { apikey, authorization: `Bearer ${token}` });
    assert.equal((await withToken(apikey)).status, 200);
    assert.equal((await withToken(clinic.anon_key)).status, 200);

    const expired = await withToken(clinic.expired_anon_key);
    assert.equal(expired.status, 401);
    assert.equal(expired.body.code, 'PGRST301');
    assert.equal(expired.body.message, 'JWT expired');
    const otherProject = await withToken(barber.anon_key);
    assert.equal(otherProject.status, 401);
    assert.equal(otherProject.body.message, 'JWSError JWSInvalidSignature');
    const otherKey = await withToken(clinic.secret_key);
    assert.equal(otherKey.status, 401);
    assert.match(otherKey.body.message, /Expected 3 parts in JWT|got 1/);
  });

  test('answers for Auth, and knows no other path', async () => {
    const apikey = clinic.publishable_key;
    const settings = await ask('/auth/v1/settings', { apikey });
    assert.equal(settings.status, 200);
    assert.equal(typeof settings.body.external, 'object');
    assert.equal(settings.body.disable_signup, false);
    assert.equal((await ask('/auth/v1/health', { apikey })).body.name, 'GoTrue');
    for (const path of ['/', '/rest/v2/conversations', '/restful', '/conversations']) {
      const { status, body } = await ask(path, { apikey });
      assert.equal(status, 404);
      assert.deepEqual(body, { error: 'requested path is invalid' });
    }
  });

  test('leaves PostgREST’s answers as they are', async () => {
    const apikey = clinic.publishable_key;
    const counted = await ask('/rest/v1/conversations?select=id', { apikey, prefer: 'count=exact' });
    assert.equal(counted.headers.get('content-range'), '0-999/2416');
    assert.equal(counted.body.length, 1000);
    const missing = await ask('/rest/v1/nope', { apikey });
    assert.equal(missing.status, 404);
    assert.equal(missing.body.code, '42P01');
    assert.equal((await ask('/rest/v1/messages?select=count()', { apikey })).body.code, 'PGRST123');
    const quoted = `/rest/v1/conversations?select=name&name=eq.${encodeURIComponent('João, "Zé" (filho)')}`;
    assert.deepEqual((await ask(quoted, { apikey })).body, [{ name: 'João, "Zé" (filho)' }]);
    assert.equal((await ask('/rest/v1/conversations?name=eq.%ff', { apikey })).status, 500);
    const none = await ask('/rest/v1/conversations?id=eq.0', { apikey, accept: 'application/vnd.pgrst.object+json' });
    assert.equal(none.status, 406);
    assert.match(none.headers.get('content-type'), /,/); // it comes twice
  });
});
