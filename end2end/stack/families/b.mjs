// Family B: the "secretária" kit. As A, but in columns and with a time, which is universal and does not say so.
//
// Why it stands here: a kit that is sold and copied, with bookings that wait for a payment.

import { openToAnon } from './access.mjs';
import { digits, instant, naive, reais, written } from './spelling.mjs';
import { turnsInOrder } from './story.mjs';

const STATUS = { scheduled: 'PENDING', confirmed: 'CONFIRMED', completed: 'DONE', cancelled: 'CANCELLED', no_show: 'NO_SHOW' };

export const b = {
  family: 'b',
  slug: 'familia-b',
  name: 'Família B',
  probe: 'n8n_historico_mensagens',
  sql: `
    create table n8n_historico_mensagens (
      id         serial primary key,
      session_id text not null,
      type       text not null,
      content    text not null,
      created_at timestamp not null default now()
    );
    create table n8n_agendamentos_pendentes (
      id              serial primary key,
      session_id      text not null,
      nome            text,
      servico         text,
      evento_inicio   timestamptz not null,
      duracao_minutos int,
      id_evento_gcal  text,
      valor_taxa      numeric(10, 2),
      status          text not null default 'PENDING'
    );
    ${openToAnon(['n8n_historico_mensagens', 'n8n_agendamentos_pendentes'])}`,
  rows,
};

function rows(story) {
  return {
    n8n_historico_mensagens: turnsInOrder(story).map(({ person, author, texts, media, at }, index) => ({
      id: index + 1,
      session_id: digits(person.phone),
      type: author === 'contact' ? 'human' : 'ai',
      content: texts.map((text) => written(text, media)).join(' | '),
      created_at: naive(at),
    })),
    n8n_agendamentos_pendentes: story.appointments.map(({ person, ...booked }, index) => ({
      id: index + 1,
      session_id: digits(person.phone),
      nome: person.name,
      servico: booked.service,
      evento_inicio: instant(booked.starts),
      duracao_minutos: booked.minutes,
      id_evento_gcal: `evento${index + 1}`,
      valor_taxa: reais(booked.price_cents),
      status: STATUS[booked.status],
    })),
  };
}
