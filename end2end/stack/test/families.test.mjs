// What is in the families' databases, seen as a client sees it with the publishable key.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../postgres.mjs';
import { get, startStack } from './running-stack.mjs';

describe('the families of tables', () => {
  let stack, story, bubbles, turns;
  before(async () => {
    stack = await startStack(['--families']);
    story = stack.ready.story;
    bubbles = story.people.flatMap(({ messages }) => messages);
    turns = new Set(bubbles.map(({ at }) => at)).size;
  });
  after(() => stack.end());

  const read = (family, path, headers) => {
    const { url, publishable_key } = stack.ready.families.find((project) => project.family === family);
    return get(`${url}/rest/v1/${path}`, { apikey: publishable_key, ...headers });
  };
  const rows = async (family, path, headers) => {
    const { status, body } = await read(family, path, headers);
    assert.equal(status, 200, `${family}: ${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const checkCounts = async (family, counts, headers) => {
    for (const [path, expected] of Object.entries(counts)) {
      assert.equal((await rows(family, path, headers)).length, expected, `${family}: ${path}`);
    }
  };
  const asked = () => bubbles.filter(({ author }) => author === 'contact').length;

  test('are eight projects with the fields of all others', () => {
    const { projects, families } = stack.ready;
    assert.deepEqual(families.map(({ family }) => family), [...'abcdefgh']);
    assert.equal(projects.length, 2);
    assert.equal('family' in projects[0], false);
    for (const { family, ...fields } of families) {
      assert.deepEqual(Object.keys(fields), Object.keys(projects[0]));
      assert.equal(fields.timezone, 'America/Sao_Paulo');
    }
    assert.equal(new Set([...projects, ...families].map(({ slug }) => slug)).size, 10);
  });

  test('a: JSON without a time, tools among what is said, and a group', async () => {
    await checkCounts('a', {
      'n8n_chat_histories?message->>type=in.(human,ai)&session_id=not.like.*@g.us': turns,
      'n8n_chat_histories?message->>type=eq.human&session_id=not.like.*@g.us': asked(),
      'n8n_chat_histories?session_id=like.*@g.us': 2,
      'n8n_chat_histories?session_id=eq.558133334444': 3,
    });
    const [row] = await rows('a', 'n8n_chat_histories?limit=1');
    assert.deepEqual(Object.keys(row), ['id', 'session_id', 'message']);
    const ana = await rows('a', 'n8n_chat_histories?session_id=eq.5511987654321@s.whatsapp.net&message->>type=in.(human,ai)&order=id');
    assert.equal(ana[0].message.content, 'Quero marcar');
    assert.match(ana[1].message.content, /^(\[Used tools: .*\] )?Claro! \| Qual dia\?$/);
    const kinds = new Set((await rows('a', 'n8n_chat_histories?select=message->>type')).map(({ type }) => type));
    assert.deepEqual([...kinds].sort(), ['ai', 'human', 'system', 'tool']);
    assert.ok((await rows('a', 'n8n_chat_histories?message->>content=like.%5BUsed tools*')).length > 50);
  });

  test('b: columns and a naive time', async () => {
    await checkCounts('b', {
      n8n_historico_mensagens: turns,
      'n8n_historico_mensagens?type=eq.human': asked(),
      n8n_agendamentos_pendentes: 60,
    });
    const [newest] = await rows('b', 'n8n_historico_mensagens?order=created_at.desc&limit=1');
    assert.equal(newest.content, 'Bom dia');
    assert.equal(`${newest.created_at}.000Z`, story.people[0].messages.at(-1).at);
    const [first] = await rows('b', 'n8n_agendamentos_pendentes?order=evento_inicio&limit=1');
    assert.equal(Date.parse(first.evento_inicio), Date.parse(story.appointments[0].starts));
  });

  test('c: question and answer in one row', async () => {
    const unanswered = story.people.filter(({ messages }) => messages.at(-1).author === 'contact').length;
    await checkCounts('c', {
      dados_cliente: 130,
      chat_messages: asked(),
      'chat_messages?bot_message=is.null': unanswered,
      'chat_messages?message_type=eq.image': 2,
      'chat_messages?message_type=eq.audio&user_message=eq.%5B%C3%A1udio%5D': 1,
      agendamentos: 60,
      'agendamentos?valor=eq.R$ 1.234,56': story.appointments.filter(({ price_cents }) => price_cents === 123456).length,
    });
    const [ana] = await rows('c', 'chat_messages?phone=eq.5511987654321');
    assert.deepEqual([ana.user_message, ana.bot_message], ['Quero marcar', 'Claro! | Qual dia?']);
    const [row] = await rows('c', 'agendamentos?order=data,hora&limit=1');
    assert.equal(Date.parse(`${row.data}T${row.hora}-03:00`), Date.parse(story.appointments[0].starts));
    const people = await rows('c', 'dados_cliente?order=updated_at.desc&select=nomewpp');
    assert.deepEqual(people.map(({ nomewpp }) => nomewpp), story.people.map(({ name }) => name));
    assert.ok(Array.isArray((await rows('c', 'dados_cliente?limit=1'))[0].tags));
  });

  test('d: a view with a space in its name, numbers for phones, and another client', async () => {
    await checkCounts('d', {
      clientes_whatsapp: 133,
      'Clientes%20WhatsApp': 133,
      'Clientes%20WhatsApp?client_id=eq.7': 130,
      'messages?client_id=eq.7': bubbles.length,
      'messages?client_id=eq.8': 3,
      'messages?type=neq.text': 3,
      appointments: 60,
    });
    const view = await rows('d', 'Clientes%20WhatsApp?client_id=eq.7&order=last_update.desc&limit=2');
    assert.deepEqual(view.map((row) => row['Nome do Cliente']), ['Beto Lins', 'Ana Prado']);
    assert.equal(view[1].telefone, 5511987654321);
    assert.equal((await rows('d', 'Clientes%20WhatsApp?%22Nome%20do%20Cliente%22=eq.Ana%20Prado')).length, 1);
    const ana = await rows('d', 'messages?conversation_id=eq.5511987654321&order=timestamp,id&select=direction,content');
    assert.deepEqual(ana.map(({ content }) => content), ['Quero marcar', 'Claro!', 'Qual dia?']);
    assert.deepEqual(ana.map(({ direction }) => direction), ['incoming', 'outgoing', 'outgoing']);
  });

  test('e: names in a related table, other tenants and deleted rows beside ours', async () => {
    const ours = 'tenant_id=eq.t1&deleted_at=is.null';
    await checkCounts('e', {
      'contacts?tenant_id=eq.t1': 132,
      'contacts?tenant_id=eq.t2': 2,
      conversations: 134,
      [`conversations?${ours}`]: 130,
      messages: bubbles.length + 4,
      [`messages?select=id,conversations!inner(id)&conversations.tenant_id=eq.t1&conversations.deleted_at=is.null`]: bubbles.length,
      [`appointments?${ours}`]: 60,
      appointments: 65,
    });
    const select = 'select=id,created_at,last_message_at,contacts(name,phone)';
    const [beto, ana] = await rows('e', `conversations?${select}&${ours}&order=last_message_at.desc&limit=2`);
    assert.deepEqual(ana.contacts, { name: 'Ana Prado', phone: '(11) 98765-4321' });
    assert.equal(beto.contacts.name, 'Beto Lins');
    assert.match(ana.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.539856$/);
    assert.match(ana.last_message_at, /\+00:00$/);
    const thread = await rows('e', `messages?conversation_id=eq.${ana.id}&order=timestamp,id`);
    assert.deepEqual(thread.map(({ content }) => content), ['Quero marcar', 'Claro!', 'Qual dia?']);
    const senders = new Set((await rows('e', 'messages?select=sender_type')).map(({ sender_type }) => sender_type));
    assert.deepEqual([...senders].sort(), ['agent', 'attendant', 'contact']);
  });

  test('f: a row a chat, a group among them, and appointments in the wall’s time', async () => {
    await checkCounts('f', {
      whatsapp_conversations: 131,
      'whatsapp_conversations?chat_id=like.*@c.us': 130,
      'whatsapp_messages?chat_id=like.*@c.us': bubbles.length,
      'whatsapp_messages?chat_id=like.*@g.us': 2,
      agendamentos: 60,
    });
    const chats = await rows('f', 'whatsapp_conversations?order=updated_at.desc&limit=3');
    assert.deepEqual(chats.map(({ contact_name }) => contact_name), ['Beto Lins', 'Grupo da equipe', 'Ana Prado']);
    const [first] = await rows('f', 'agendamentos?order=data_agendamento&limit=1');
    assert.equal(Date.parse(`${first.data_agendamento}-03:00`), Date.parse(story.appointments[0].starts));
    assert.equal(`${first.nome} ${first.sobrenome}`, story.appointments[0].name);
  });

  test('g: seconds, JSON as it comes, and one person with two ids', async () => {
    await checkCounts('g', {
      'Message?key->>remoteJid=not.like.*@g.us': bubbles.length,
      'Message?key->>remoteJid=like.*@g.us': 2,
      'Message?key->>remoteJid=in.(5511987654321@s.whatsapp.net,551187654321@s.whatsapp.net)': 3,
      'Message?message->imageMessage=not.is.null': 2,
      'Message?message->imageMessage->>caption=eq.Quero ficar assim': 1,
      'Message?message->audioMessage=not.is.null': 1,
    });
    const [newest] = await rows('g', 'Message?order=messageTimestamp.desc&limit=1');
    assert.equal(newest.messageTimestamp * 1000, Date.parse(story.people[0].messages.at(-1).at));
    assert.deepEqual([newest.message, newest.pushName, newest.key.fromMe], [{ conversation: 'Bom dia' }, 'Beto Lins', false]);
    const ids = (await rows('g', 'Message?select=jid:key->>remoteJid')).map(({ jid }) => jid);
    const mobiles = story.people.filter(({ phone }) => phone.startsWith('+55') && phone.length === 14);
    const both = mobiles.filter(({ phone }) => {
      const [withIt, without] = [phone.slice(1), phone.slice(1, 5) + phone.slice(6)].map((number) => `${number}@s.whatsapp.net`);
      return ids.includes(withIt) && ids.includes(without);
    });
    assert.ok(both.length > 100);
  });

  test('h: a schema of its own, which must be asked for', async () => {
    const profile = { 'accept-profile': 'clientes' };
    await checkCounts('h', { aurora_messages: bubbles.length, 'aurora_messages?enviado_por=eq.cliente': asked(), aurora_bookings: 60 }, profile);
    assert.equal((await read('h', 'aurora_messages')).status, 404);
    assert.equal((await read('h', 'aurora_messages', { 'accept-profile': 'others' })).status, 406);
    const [newest, ...anas] = await rows('h', 'aurora_messages?order=id.desc&limit=4', profile);
    assert.deepEqual([newest.mensagem, newest.nome, newest.sobrenome], ['Bom dia', 'Beto', 'Lins']);
    assert.deepEqual(anas.map(({ mensagem }) => mensagem), ['Qual dia?', 'Claro!', 'Quero marcar']);
    assert.deepEqual(anas.map(({ whatsapp }) => whatsapp).sort(), ['(11) 98765-4321', '11 8765-4321', '11987654321']);
    const [day, month, year] = newest.data.split('/');
    assert.equal(Date.parse(`${year}-${month}-${day}T${newest.hora}-03:00`), Date.parse(story.people[0].messages.at(-1).at));
  });

  test('every table’s sequence goes on after its rows', async () => {
    const { admin_url } = stack.ready.families.find(({ family }) => family === 'b');
    await withClient(admin_url, async (client) => {
      const { rows: added } = await client.query(
        "insert into n8n_historico_mensagens (session_id, type, content) values ('1', 'human', 'oi') returning id",
      );
      assert.equal(added[0].id, turns + 1);
    });
  });
});
