// Family F: a row a chat, known by WhatsApp's id, and groups among the chats.
//
// Why it stands here: people have to be read out of ids, and appointments are in the wall's time without saying so.

import { openToAnon } from './access.mjs';
import { digits, instant, onTheWall, oldFashioned, parted, written } from './spelling.mjs';
import { bubblesInOrder } from './story.mjs';

const STATUS = { scheduled: 'agendado', confirmed: 'confirmado', completed: 'concluido', cancelled: 'cancelado', no_show: 'no_show' };

export const f = {
  family: 'f',
  slug: 'familia-f',
  name: 'Família F',
  probe: 'whatsapp_messages',
  sql: `
    create table whatsapp_conversations (
      chat_id      text primary key,
      contact_name text,
      lead_id      text,
      updated_at   timestamptz
    );
    create table whatsapp_messages (
      id         bigserial primary key,
      chat_id    text not null,
      role       text not null,
      content    text not null,
      created_at timestamptz not null default now()
    );
    create table agendamentos (
      id                serial primary key,
      nome              text,
      sobrenome         text,
      whatsapp          text,
      servico           text,
      data_agendamento  timestamp(3) not null,
      lembrete_enviado  boolean not null default false,
      status            text
    );
    ${openToAnon(['whatsapp_conversations', 'whatsapp_messages', 'agendamentos'])}`,
  rows,
};

function rows({ people, group, appointments }) {
  const bubbles = bubblesInOrder({ people }).map(({ person, ...bubble }) => ({ ...bubble, chat_id: chatOf(person) }));
  const all = [...bubbles, ...group.messages.map((message) => ({ ...message, author: 'contact', chat_id: group.jid }))];
  return {
    whatsapp_conversations: [
      ...people.map((person, index) => chatRow(chatOf(person), person.name, `lead-${index + 1}`, person.turns.at(-1).at)),
      chatRow(group.jid, group.name, null, group.messages.at(-1).at),
    ],
    whatsapp_messages: all.sort((one, other) => one.at - other.at).map(messageRow),
    agendamentos: appointments.map(bookingRow),
  };
}

function chatOf({ phone }) {
  return `${digits(phone)}@c.us`;
}

function chatRow(chat_id, contact_name, lead_id, at) {
  return { chat_id, contact_name, lead_id, updated_at: instant(at) };
}

function messageRow({ chat_id, author, text, media, at }, index) {
  const role = author === 'contact' ? 'user' : 'assistant';
  return { id: index + 1, chat_id, role, content: written(text, media), created_at: instant(at) };
}

function bookingRow({ person, ...booked }, index) {
  const { date, clock } = onTheWall(booked.starts);
  return {
    id: index + 1,
    ...parted(person.name),
    whatsapp: oldFashioned(person.phone),
    servico: booked.service,
    data_agendamento: `${date}T${clock}`,
    lembrete_enviado: booked.status !== 'scheduled',
    status: STATUS[booked.status],
  };
}
