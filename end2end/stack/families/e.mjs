// Family E: a normalised house of several tenants. Names and phones stand in a related table; what is deleted stays as a row.
//
// Why it stands here: ours is tenant t1. A conversation has one time without an offset and one with it, in the same row.

import { HOUR, MINUTE } from '../seed/calendar.mjs';
import { openToAnon } from './access.mjs';
import { digits, inBrackets, instant, naive, uuid, written } from './spelling.mjs';
import { bubblesInOrder, outsider } from './story.mjs';

const OURS = 't1';
const THEIRS = 't2';
const STATUS = { bot: 'open', waiting: 'open', human: 'paused' };

export const e = {
  family: 'e',
  slug: 'familia-e',
  name: 'Família E',
  probe: 'messages',
  sql: `
    create table contacts (
      id        uuid primary key default gen_random_uuid(),
      tenant_id text not null,
      name      text,
      phone     text
    );
    create table conversations (
      id              uuid primary key default gen_random_uuid(),
      contact_id      uuid references contacts,
      tenant_id       text not null,
      channel_id      text,
      status          text,
      ia_active       boolean,
      created_at      timestamp not null default now(),
      last_message_at timestamptz,
      deleted_at      timestamptz
    );
    create table messages (
      id                  uuid primary key default gen_random_uuid(),
      conversation_id     uuid not null references conversations,
      sender_type         text not null,
      content             text,
      "timestamp"         timestamptz not null default now(),
      external_message_id text
    );
    create table appointments (
      appointment_id      uuid primary key default gen_random_uuid(),
      tenant_id           text not null,
      start_at            timestamptz not null,
      end_at              timestamptz,
      duration_minutes    int,
      patient_contact     text,
      patient_name        text,
      service_name        text,
      professional_name   text,
      price_cents         int,
      status              text,
      google_event_id     text,
      google_event_link   text,
      rescheduled_from_id uuid,
      deleted_at          timestamptz,
      sync_status         text
    );
    ${openToAnon(['contacts', 'conversations', 'messages', 'appointments'])}`,
  rows,
};

function rows(story) {
  const chats = [...story.people.map((person) => ({ person, tenant: OURS })), ...unseen(story)];
  chats.sort((one, other) => one.person.turns[0].at - other.person.turns[0].at);
  const numbers = new Map(chats.map(({ person }, index) => [person, index + 1]));
  return {
    contacts: chats.map(({ person, tenant }, index) => ({
      id: uuid(1, index + 1),
      tenant_id: tenant,
      name: person.name,
      phone: inBrackets(person.phone),
    })),
    conversations: chats.map(conversationRow),
    messages: bubblesInOrder({ people: chats.map(({ person }) => person) }).map((bubble, index) =>
      messageRow(bubble, numbers.get(bubble.person), index),
    ),
    appointments: bookingRows(story),
  };
}

/** Two of another tenant, and two of ours that were deleted: the newest but Beto, had they been ours to show. */
function unseen({ people: [newest] }) {
  const deleted = newest.turns.at(-1).at;
  const said = (name, number, text) => outsider(name, number, deleted - number * MINUTE, text);
  return [
    { person: said('Alheia Primeira', 1, 'Mensagem de outra empresa'), tenant: THEIRS },
    { person: said('Alheio Segundo', 2, 'Mensagem de outra empresa'), tenant: THEIRS },
    { person: said('Apagada Terceira', 3, 'Conversa apagada'), tenant: OURS, deleted },
    { person: said('Apagado Quarto', 4, 'Conversa apagada'), tenant: OURS, deleted },
  ];
}

function conversationRow({ person: { standing, turns }, tenant, deleted }, index) {
  return {
    id: uuid(2, index + 1),
    contact_id: uuid(1, index + 1),
    tenant_id: tenant,
    channel_id: 'whatsapp',
    status: STATUS[standing],
    ia_active: standing !== 'human',
    created_at: `${naive(turns[0].at)}.539856`,
    last_message_at: instant(turns.at(-1).at),
    deleted_at: deleted ? instant(deleted) : null,
  };
}

function messageRow({ author, text, media, at }, conversation, index) {
  return {
    id: uuid(3, index + 1),
    conversation_id: uuid(2, conversation),
    sender_type: { contact: 'contact', bot: 'agent', human: 'attendant' }[author],
    content: written(text, media),
    timestamp: instant(at),
    external_message_id: `wamid.${index + 1}`,
  };
}

/** Some were moved: the hour before is a deleted row. Two are another tenant's. */
function bookingRows({ people: [newest], appointments }) {
  const deleted = instant(newest.turns.at(-1).at);
  const rows = appointments.map((booked, index) => bookingRow(booked, index + 1));
  const moved = rows.slice(-3).map((row, index) => {
    row.rescheduled_from_id = uuid(5, index + 1);
    return {
      ...row,
      ...anHourBefore(row),
      appointment_id: uuid(5, index + 1),
      status: 'cancelled',
      rescheduled_from_id: null,
      deleted_at: deleted,
    };
  });
  const others = rows.slice(-2).map((row, index) => ({
    ...row,
    appointment_id: uuid(6, index + 1),
    tenant_id: THEIRS,
    patient_contact: `556196000000${index + 1}`,
    patient_name: 'Alheia Primeira',
    rescheduled_from_id: null,
  }));
  return [...rows, ...moved, ...others];
}

function anHourBefore({ start_at, end_at }) {
  return { start_at: instant(Date.parse(start_at) - HOUR), end_at: instant(Date.parse(end_at) - HOUR) };
}

function bookingRow({ person, ...booked }, number) {
  return {
    appointment_id: uuid(4, number),
    tenant_id: OURS,
    start_at: instant(booked.starts),
    end_at: instant(booked.starts + booked.minutes * MINUTE),
    duration_minutes: booked.minutes,
    patient_contact: digits(person.phone),
    patient_name: person.name,
    service_name: booked.service,
    professional_name: booked.professional,
    price_cents: booked.price_cents,
    status: booked.status,
    google_event_id: `evento${number}`,
    google_event_link: booked.link,
    rescheduled_from_id: null,
    deleted_at: null,
    sync_status: 'synced',
  };
}
