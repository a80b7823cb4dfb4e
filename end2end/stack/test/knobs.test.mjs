// The control port: latency, faults, and the list of what was asked.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { control, get, startStack } from './running-stack.mjs';

const TABLE = '/rest/v1/conversations?select=id&limit=1';

describe('the control port', () => {
  let stack, clinic, barber;
  before(async () => ({ clinic, barber } = stack = await startStack(['--latency', '120'])));
  after(() => stack.end());
  afterEach(() => control(clinic, '/fault', { mode: 'none' }));

  const ask = (project = clinic) => get(project.url + TABLE, { apikey: project.publishable_key });
  const timed = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };

  test('sets the latency, at the start and later', async () => {
    assert.ok((await timed(ask)) >= 120);
    await control(clinic, '/latency', { ms: 300 });
    assert.ok((await timed(ask)) >= 300);
    await control(clinic, '/latency', { ms: 0 });
    await control(barber, '/latency', { ms: 0 });
    // A machine may be busy for a moment.
    assert.ok(Math.min(await timed(ask), await timed(ask), await timed(ask)) < 120);
  });

  test('makes one project ill and leaves the other well', async () => {
    await control(clinic, '/fault', { mode: 'paused' });
    assert.equal((await ask()).status, 540);
    assert.equal((await ask(barber)).status, 200);
  });

  test('answers with each of the faults', async () => {
    const during = async (mode) => {
      assert.equal((await control(clinic, '/fault', { mode })).status, 200);
      return ask();
    };
    await assert.rejects(during('rubbish'), SyntaxError);
    await assert.rejects(during('refuse'), TypeError);
    await assert.rejects(during('drop'), TypeError);
    const huge = await during('huge');
    assert.ok(JSON.stringify(huge.body).length > 10_000_000);
    const html = await during('html');
    assert.equal(html.status, 200);
    assert.match(html.body, /^<!DOCTYPE html>/);
    assert.equal((await during('error500')).status, 500);
    assert.equal((await during('unpaid')).status, 402);
    assert.equal((await during('legacy_off')).body.message, 'Legacy API keys are disabled');
    assert.equal((await during('empty401')).body, '');
    assert.equal((await during('plain401')).body, 'Unauthorized');
  });

  test('hangs without ever answering', async () => {
    await control(clinic, '/fault', { mode: 'hang' });
    const options = { headers: { apikey: clinic.publishable_key }, signal: AbortSignal.timeout(500) };
    await assert.rejects(fetch(clinic.url + TABLE, options), { name: 'TimeoutError' });
  });

  test('limits a fault to paths that contain a text', async () => {
    await control(clinic, '/fault', { mode: 'error500', path: '/appointments' });
    assert.equal((await ask()).status, 200);
    const other = await get(`${clinic.url}/rest/v1/appointments?limit=1`, { apikey: clinic.publishable_key });
    assert.equal(other.status, 500);
  });

  test('lists requests without any secret', async () => {
    await control(clinic, '/requests/reset', {});
    await ask();
    await get(`${clinic.url}${TABLE}&apikey=${clinic.anon_key}`, { 'X-Other': '1' });
    const { body } = await control(clinic, '/requests');
    assert.equal(body.count, 2);
    assert.equal(body.requests[0].method, 'GET');
    assert.equal(body.requests[0].url, TABLE);
    assert.ok(body.requests[0].headers.includes('apikey'));
    assert.ok(body.requests[1].headers.includes('x-other'));
    assert.ok(!JSON.stringify(body).includes(clinic.anon_key) && !JSON.stringify(body).includes(clinic.publishable_key));
  });

  test('keeps the last 200 requests and counts them all', async () => {
    await control(clinic, '/requests/reset', {});
    for (let round = 0; round < 21; round++) await Promise.all(Array.from({ length: 10 }, () => ask()));
    const { body } = await control(clinic, '/requests');
    assert.equal(body.count, 210);
    assert.equal(body.requests.length, 200);
  });

  test('says what is wrong with a call', async () => {
    assert.match((await control(clinic, '/fault', { mode: 'fire' })).body.error, /must be one of none, refuse/);
    assert.match((await control(clinic, '/latency', { ms: -1 })).body.error, /whole number/);
    assert.equal((await control(clinic, '/nothing')).status, 404);
  });
});
