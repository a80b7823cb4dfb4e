// Family D: a dashboard's own tables, for several clients at once. Phones are numbers, a view has a space in its name.
//
// Why it stands here: ours is client 7; whoever forgets to ask for it shows client 8's people too.

import { MINUTE } from '../seed/calendar.mjs';
import { openToAnon } from './access.mjs';
import { digits, instant, reais, uuid, written } from './spelling.mjs';
import { bubblesInOrder, outsider } from './story.mjs';

const OURS = 7;
const THEIRS = 8;

export const d = {
  family: 'd',
  slug: 'familia-d',
  name: 'Família D',
  probe: 'messages',
  sql: `
    create table clientes_whatsapp (
      telefone     numeric primary key,
      nome         text,
      status       text,
      client_id    int not null,
      last_message text,
      last_update  timestamptz
    );
    create view "Clientes WhatsApp" with (security_invoker = on) as
      select telefone, nome as "Nome do Cliente", status, client_id, last_message, last_update from clientes_whatsapp;
    create table messages (
      id              uuid primary key default gen_random_uuid(),
      conversation_id numeric not null,
      client_id       int not null,
      content         text,
      type            text not null default 'text',
      direction       text not null,
      status          text,
      "timestamp"     timestamptz not null default now(),
      metadata        jsonb
    );
    create table appointments (
      id                   uuid primary key default gen_random_uuid(),
      customer_phone       text,
      name                 text,
      service              text,
      scheduled_at         timestamptz not null,
      duration             int,
      status               text,
      price                numeric,
      virtual_meeting_link text
    );
    ${openToAnon(['clientes_whatsapp', 'messages', 'appointments'])}
    grant select on "Clientes WhatsApp" to anon, authenticated;`,
  rows,
};

function rows(story) {
  const people = [...story.people.map((person) => ({ ...person, client: OURS })), ...theirs(story)];
  return {
    clientes_whatsapp: people.map(personRow),
    messages: bubblesInOrder({ people }).map(messageRow),
    appointments: story.appointments.map(bookingRow),
  };
}

/** Client 8's people say something right after Ana. */
function theirs({ people }) {
  const { turns } = people.find(({ name }) => name === 'Ana Prado');
  return ['Alheia Primeira', 'Alheio Segundo', 'Alheia Terceira'].map((name, index) => ({
    ...outsider(name, index + 1, turns.at(-1).at + (index + 1) * MINUTE, 'Mensagem de outra empresa'),
    client: THEIRS,
  }));
}

function personRow({ phone, name, standing, turns, client }) {
  const { texts, at, media } = turns.at(-1);
  return {
    telefone: Number(digits(phone)),
    nome: name,
    status: standing,
    client_id: client,
    last_message: written(texts.at(-1), media),
    last_update: instant(at),
  };
}

function messageRow({ person, author, text, media, at }, index) {
  const incoming = author === 'contact';
  return {
    id: uuid(1, index + 1),
    conversation_id: Number(digits(person.phone)),
    client_id: person.client,
    content: written(text, media),
    type: media ?? 'text',
    direction: incoming ? 'incoming' : 'outgoing',
    status: incoming ? 'received' : 'delivered',
    timestamp: instant(at),
    metadata: media ? { file: `${media}-${index + 1}` } : {},
  };
}

function bookingRow({ person, ...booked }, index) {
  return {
    id: uuid(2, index + 1),
    customer_phone: digits(person.phone),
    name: person.name,
    service: booked.service,
    scheduled_at: instant(booked.starts),
    duration: booked.minutes,
    status: booked.status,
    price: reais(booked.price_cents),
    virtual_meeting_link: booked.link,
  };
}
