// Family H: tables with the client's name in front, in a schema of their own. Days and hours are texts, phones are written
// in three ways.
//
// Why it stands here: nothing of it is in PostgREST's first schema, and only the id puts messages in order.

import { openToAnon } from './access.mjs';
import { inBrackets, national, oldFashioned, onTheWall, parted, reais, written } from './spelling.mjs';
import { bubblesInOrder } from './story.mjs';

const SPEAKER = { contact: 'cliente', bot: 'robô', human: 'equipe' };
const SPELLINGS = [inBrackets, national, oldFashioned];

export const h = {
  family: 'h',
  slug: 'aurora', // which the tables have in front
  name: 'Família H',
  schemas: 'public,clientes',
  probe: 'aurora_messages',
  profile: 'clientes',
  sql: `
    create schema clientes;
    create table clientes.aurora_messages (
      id          serial primary key,
      whatsapp    text not null,
      nome        text,
      sobrenome   text,
      enviado_por text not null,
      mensagem    text not null,
      data        text not null,
      hora        text not null
    );
    create table clientes.aurora_bookings (
      id               serial primary key,
      customer_name    text,
      customer_phone   text,
      service          text,
      professional     text,
      appointment_date date not null,
      appointment_time text not null,
      duration_minutes int,
      status           text,
      reminder_3day    boolean not null default false,
      reminder_1day    boolean not null default false,
      price            numeric
    );
    ${openToAnon(['clientes.aurora_messages', 'clientes.aurora_bookings'], 'clientes')}
    grant usage on schema public to anon, authenticated, service_role;`,
  rows,
};

function rows(story) {
  return {
    'clientes.aurora_messages': bubblesInOrder(story).map(messageRow),
    'clientes.aurora_bookings': story.appointments.map(bookingRow),
  };
}

function messageRow({ person, author, text, media, at }, index) {
  const { slashed, clock } = onTheWall(at);
  return {
    id: index + 1,
    whatsapp: SPELLINGS[index % 3](person.phone),
    ...(author === 'contact' ? parted(person.name) : { nome: null, sobrenome: null }),
    enviado_por: SPEAKER[author],
    mensagem: written(text, media),
    data: slashed,
    hora: clock,
  };
}

/** Every other one that is only booked has been reminded of. */
function bookingRow({ person, ...booked }, index) {
  const { date, clock } = onTheWall(booked.starts);
  const reminded = booked.status === 'scheduled' && index % 2 === 0;
  const status = booked.status === 'scheduled' ? (reminded ? 'reminder_sent' : 'pending') : booked.status;
  return {
    id: index + 1,
    customer_name: person.name,
    customer_phone: SPELLINGS[index % 3](person.phone),
    service: booked.service,
    professional: booked.professional,
    appointment_date: date,
    appointment_time: clock.slice(0, 5),
    duration_minutes: booked.minutes,
    status,
    reminder_3day: reminded,
    reminder_1day: false,
    price: reais(booked.price_cents),
  };
}
