// Family C: the `dados_cliente` kit. Question and answer share a row and its one time.
//
// Why it stands here: a row of this family is two or three messages, or one that nobody has answered.

import { openToAnon } from './access.mjs';
import { digits, inBrackets, inWords, instant, onTheWall, uuid, withoutNinth, written } from './spelling.mjs';
import { turnsInOrder } from './story.mjs';

const STATUS = { scheduled: 'Agendado', confirmed: 'Confirmado', completed: 'Realizado', cancelled: 'Cancelado', no_show: 'Faltou' };

export const c = {
  family: 'c',
  slug: 'familia-c',
  name: 'Família C',
  probe: 'chat_messages',
  sql: `
    create table dados_cliente (
      id             bigserial primary key,
      telefone       text not null unique,
      nomewpp        text,
      atendimento_ia text,
      remotejid      text,
      tags           text[],
      created_at     timestamptz not null default now(),
      updated_at     timestamptz not null default now()
    );
    create table chat_messages (
      id           uuid primary key default gen_random_uuid(),
      phone        text not null,
      nomewpp      text,
      user_message text,
      bot_message  text,
      message_type text,
      created_at   timestamptz not null default now()
    );
    create table agendamentos (
      id           bigserial primary key,
      nome         text,
      telefone     text,
      servico      text,
      profissional text,
      data         date not null,
      hora         text not null,
      duracao_min  int,
      status       text,
      valor        text
    );
    ${openToAnon(['dados_cliente', 'chat_messages', 'agendamentos'])}`,
  rows,
};

function rows(story) {
  return {
    dados_cliente: story.people.toReversed().map(({ phone, name, standing, turns }, index) => ({
      id: index + 1,
      telefone: digits(phone),
      nomewpp: name,
      atendimento_ia: standing === 'human' ? 'pause' : 'ativa',
      remotejid: `${withoutNinth(phone)}@s.whatsapp.net`,
      tags: standing === 'waiting' ? ['novo', 'sem resposta'] : [],
      created_at: instant(turns[0].at),
      updated_at: instant(turns.at(-1).at),
    })),
    chat_messages: turnsInOrder(story).filter(({ author }) => author === 'contact').map(chatRow),
    agendamentos: story.appointments.map(bookingRow),
  };
}

function chatRow({ person, texts, media, at }, index) {
  const next = person.turns[person.turns.findIndex((turn) => turn.at === at) + 1];
  return {
    id: uuid(1, index + 1),
    phone: digits(person.phone),
    nomewpp: person.name,
    user_message: written(texts[0], media),
    bot_message: next?.texts.join(' | ') ?? null,
    message_type: media ?? 'text',
    created_at: instant(at),
  };
}

function bookingRow({ person, ...booked }, index) {
  const { date, clock } = onTheWall(booked.starts);
  return {
    id: index + 1,
    nome: person.name,
    telefone: inBrackets(person.phone),
    servico: booked.service,
    profissional: booked.professional,
    data: date,
    hora: clock.slice(0, 5),
    duracao_min: booked.minutes,
    status: STATUS[booked.status],
    valor: inWords(booked.price_cents),
  };
}
