// What is in the two databases, seen as a client sees it; and that one project's key never reads the other.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../postgres.mjs';
import { get, startStack } from './running-stack.mjs';

const HOUR = 3_600_000;

describe('the demo data', () => {
  let stack, projects;
  before(async () => {
    stack = await startStack();
    projects = stack.ready.projects;
  });
  after(() => stack.end());

  const read = (project, path, prefer = 'count=none') =>
    get(`${project.url}/rest/v1/${path}`, { apikey: project.publishable_key, prefer });
  const count = async (project, path) => {
    const { headers } = await read(project, `${path}${path.includes('?') ? '&' : '?'}select=id&limit=1`, 'count=exact');
    return Number(headers.get('content-range').split('/')[1]);
  };
  const since = (hours) => encodeURIComponent(new Date(Date.now() - hours * HOUR).toISOString());

  test('is as much as promised', async () => {
    for (const project of projects) {
      assert.ok((await count(project, 'conversations')) >= 2000);
      assert.ok((await count(project, 'messages')) >= 20_000);
      assert.ok((await count(project, 'appointments')) >= 800);
    }
  });

  test('is alive: something in the last hour, today and ahead', async () => {
    for (const project of projects) {
      assert.ok((await count(project, `conversations?updated_at=gt.${since(1)}`)) >= 1);
      assert.ok((await count(project, `conversations?updated_at=gt.${since(24)}`)) >= 10);
      assert.equal(await count(project, `messages?created_at=gt.${since(0)}`), 0);
      assert.ok((await count(project, `appointments?starts_at=gt.${since(0)}`)) >= 50);
      assert.ok((await count(project, `appointments?starts_at=lt.${since(24 * 80)}`)) >= 1);
    }
  });

  test('has its last messages and times right', async () => {
    for (const project of projects) {
      await withClient(project.admin_url, async (client) => {
        const { rows } = await client.query(`
          select count(*)::int as wrong from conversations c
          join lateral (select * from messages m where m.conversation_id = c.id order by m.id desc limit 1) last on true
          where last.content <> c.last_message or last.created_at <> c.updated_at
             or c.created_at <> (select min(created_at) from messages m where m.conversation_id = c.id)`);
        assert.equal(rows[0].wrong, 0);
        const threads = await client.query('select min(n)::int, max(n)::int from (select count(*) n from messages group by conversation_id) t');
        assert.ok(threads.rows[0].min >= 2 && threads.rows[0].max <= 30);
      });
    }
  });

  test('shows the nasty rows on page one', async () => {
    for (const project of projects) {
      const { body } = await read(project, 'conversations?order=updated_at.desc,id.desc&limit=50');
      const names = body.map(({ name }) => name);
      for (const name of ['João, "Zé" (filho)', '<script>alert(1)</script>', 'أحمد الحلبي', null]) assert.ok(names.includes(name), `${name}`);
      assert.ok(names.some((name) => name?.length === 120));
      assert.ok(body.some(({ last_message }) => last_message.length === 4000));
      assert.ok(body.some(({ last_message }) => last_message === ''));
    }
  });

  test('is kept apart: neither name with phone, nor phone, nor key is shared', async () => {
    const phones = await Promise.all(
      projects.map((project) =>
        withClient(project.admin_url, async (client) => {
          const { rows } = await client.query('select phone from conversations union select customer_phone from appointments');
          return new Set(rows.map(({ phone }) => phone));
        }),
      ),
    );
    assert.equal([...phones[0]].filter((phone) => phones[1].has(phone)).length, 0);

    const [clinic, barber] = projects;
    for (const apikey of [clinic.publishable_key, clinic.secret_key, clinic.anon_key, clinic.service_role_key]) {
      const { status } = await get(`${barber.url}/rest/v1/conversations`, { apikey });
      assert.equal(status, 401);
    }
    const { status } = await get(`${barber.rest_url}/conversations`, { authorization: `Bearer ${clinic.anon_key}` });
    assert.equal(status, 401);
  });

  test('cuts a reader off after three seconds, as Supabase does for anon', async () => {
    const [clinic] = projects;
    await withClient(clinic.admin_url, (client) =>
      client.query('create view slow as select pg_sleep(10)::text as done; grant select on slow to anon'),
    );
    const { status, body } = await read(clinic, 'slow');
    assert.equal(status, 500);
    assert.equal(body.code, '57014');
  });
});
