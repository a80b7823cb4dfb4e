// The gateway's Realtime: who may listen, what is told of, and how it ends.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { decode, encode } from '../gateway/websocket.mjs';
import { withClient } from '../postgres.mjs';
import { control, get, startStack, until } from './running-stack.mjs';

const SAMPLE = { key: 'dGhlIHNhbXBsZSBub25jZQ==', accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }; // RFC 6455, 1.3
const PATIENCE_MS = 5_000;

/** Asks for a WebSocket: gives the status, and when that is 101 a way to talk. */
function connect(project, { path = '/realtime/v1/websocket', apikey = project.publishable_key } = {}) {
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': SAMPLE.key };
  return new Promise((resolve, reject) => {
    const asked = request(`${project.url}${path}?apikey=${apikey}&vsn=1.0.0`, { headers });
    asked.on('response', (response) => resolve({ status: response.statusCode, end: response.resume() }));
    asked.on('upgrade', (response, socket) => resolve(talk(response, socket)));
    asked.on('error', reject);
    asked.end();
  });
}

function talk(response, socket) {
  const heard = [];
  let bytes = Buffer.alloc(0);
  let closed = false;
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (let frame; (frame = decode(bytes)); bytes = frame.rest) if (frame.opcode === 1) heard.push(JSON.parse(frame.payload));
  });
  socket.on('error', () => {});
  socket.on('close', () => (closed = true));
  const send = (opcode, text) => socket.write(encode(opcode, Buffer.from(text), randomBytes(4)));
  return {
    status: response.statusCode,
    accept: response.headers['sec-websocket-accept'],
    say: (text) => send(1, text),
    send: (frame) => send(1, JSON.stringify(frame)),
    end: () => send(8, ''),
    closed: () => until(() => closed, PATIENCE_MS),
    /** The first frame of this event, which is taken. */
    async next(event) {
      await until(() => heard.some((frame) => frame.event === event), PATIENCE_MS);
      const at = heard.findIndex((frame) => frame.event === event);
      assert.ok(at >= 0, `no ${event} among ${JSON.stringify(heard)}`);
      return heard.splice(at, 1)[0];
    },
    heard,
  };
}

const join = (topic, table) => ({
  topic: `realtime:${topic}`,
  event: 'phx_join',
  ref: '1',
  join_ref: '1',
  payload: { config: { postgres_changes: [{ event: '*', schema: 'public', table }] } },
});

describe('a WebSocket frame', () => {
  test('is read and written as the RFC has it', () => {
    const hello = Buffer.from('818537fa213d7f9f4d5158', 'hex');
    assert.deepEqual(decode(hello), { opcode: 1, payload: Buffer.from('Hello'), rest: Buffer.alloc(0) });
    assert.deepEqual(encode(1, Buffer.from('Hello'), Buffer.from('37fa213d', 'hex')), hello);
    assert.deepEqual(encode(1, Buffer.from('Hello')), Buffer.from('810548656c6c6f', 'hex'));
    for (const length of [0, 125, 126, 127, 65_535]) {
      const whole = Buffer.concat([encode(1, Buffer.alloc(length, 'x'), randomBytes(4)), Buffer.from('rest')]);
      assert.equal(decode(whole).payload.toString(), 'x'.repeat(length));
      assert.equal(decode(whole).rest.toString(), 'rest');
      assert.equal(decode(whole.subarray(0, whole.length - 5)), undefined);
    }
  });
});

describe('Realtime', () => {
  let stack, clinic, barber;
  before(async () => ({ clinic, barber } = stack = await startStack()));
  after(() => stack.end());

  const sql = (text) => withClient(clinic.admin_url, (client) => client.query(text));
  const touch = (table, column) => sql(`update ${table} set ${column} = ${column} where id = (select min(id) from ${table})`);

  test('is for whoever has the key, at its own address', async () => {
    for (const apikey of ['nonsense', barber.publishable_key, '']) assert.equal((await connect(clinic, { apikey })).status, 401);
    for (const path of ['/realtime/v1/other', '/rest/v1/messages', '/other']) {
      assert.equal((await connect(clinic, { path })).status, 404);
    }
    assert.equal((await get(`${clinic.url}/realtime/v1/websocket?apikey=${clinic.anon_key}`)).status, 400);
    for (const apikey of [clinic.publishable_key, clinic.anon_key]) {
      const { status, accept, end } = await connect(clinic, { apikey });
      assert.deepEqual({ status, accept }, { status: 101, accept: SAMPLE.accept });
      end();
    }
  });

  test('tells of changes of the tables that are listened to, and answers signs of life', async () => {
    const { send, next, heard, end, closed } = await connect(clinic);
    send(join('a', 'messages'));
    send(join('b', 'appointments'));
    for (const topic of ['realtime:a', 'realtime:b']) {
      const reply = await next('phx_reply');
      assert.deepEqual([reply.topic, reply.ref, reply.payload.status], [topic, '1', 'ok']);
    }
    for (let count = 0; count < 2; count++) {
      const { payload } = await next('system');
      assert.deepEqual([payload.status, payload.message, payload.extension], ['ok', 'Subscribed to PostgreSQL', 'postgres_changes']);
    }
    await touch('conversations', 'status');
    await sql('update messages set content = content where false');
    await touch('messages', 'content');
    const { topic, payload } = await next('postgres_changes');
    assert.deepEqual([topic, payload.data.table, payload.data.type, payload.ids.length], ['realtime:a', 'messages', 'UPDATE', 1]);
    await touch('appointments', 'status');
    assert.equal((await next('postgres_changes')).topic, 'realtime:b');
    send({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '9' });
    const alive = await next('phx_reply');
    assert.deepEqual([alive.topic, alive.ref, alive.payload.status], ['phoenix', '9', 'ok']);
    send({ topic: 'realtime:a', event: 'phx_leave', payload: {}, ref: '10' });
    await next('phx_reply');
    await touch('messages', 'content');
    await touch('appointments', 'status');
    assert.equal((await next('postgres_changes')).topic, 'realtime:b');
    assert.deepEqual(heard, [], 'and nothing else');
    end();
    assert.ok(await closed());
  });

  test('refuses a topic whole for a table that is not published', async () => {
    const { send, next, end } = await connect(clinic);
    const both = join('c', 'messages');
    both.payload.config.postgres_changes.push({ event: '*', schema: 'public', table: 'hidden_rows' });
    send(both);
    assert.equal((await next('phx_reply')).payload.status, 'ok');
    assert.equal((await next('system')).payload.status, 'error');
    send({ ...join('', 'messages') });
    assert.equal((await next('phx_reply')).payload.status, 'error');
    end();
  });

  test('falls ill and gets well with the project', async () => {
    const listener = await connect(clinic);
    await control(clinic, '/fault', { mode: 'error500', path: '/messages' });
    listener.send({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '1' });
    await listener.next('phx_reply');
    await control(clinic, '/fault', { mode: 'error500' });
    assert.ok(await listener.closed());
    await assert.rejects(connect(clinic));
    await control(clinic, '/fault', { mode: 'none' });
    const again = await connect(clinic);
    assert.equal(again.status, 101);
    again.end();
  });

  test('hangs up on what is no frame of its own', async () => {
    const listener = await connect(clinic);
    listener.say('not a frame');
    assert.ok(await listener.closed());
  });
});
