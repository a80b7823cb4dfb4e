// How tables write phones, times, names, prices and ids.
//
// Why it stands here: several families write the same thing in the same way. Wall time is São Paulo's, at UTC-3 all year.

import { HOUR } from '../seed/calendar.mjs';

const WALL = -3 * HOUR;

/** `5511987654321` */
export function digits(phone) {
  return phone.slice(1);
}

/** `551187654321`: a Brazilian mobile as WhatsApp's older ids have it; any other number as it is. */
export function withoutNinth(phone) {
  return digits(phone).replace(/^(55\d\d)9(\d{8})$/, '$1$2');
}

/** `11987654321`; a number from abroad keeps its country. */
export function national(phone) {
  return phone.startsWith('+55') ? phone.slice(3) : phone;
}

/** `(11) 98765-4321`; a number from abroad keeps its country. */
export function inBrackets(phone) {
  return phone.replace(/^\+55(\d\d)(\d{4,5})(\d{4})$/, '($1) $2-$3');
}

/** `11 8765-4321`, as people write who have never got used to the ninth digit. */
export function oldFashioned(phone) {
  return phone.replace(/^\+55(\d\d)9?(\d{4})(\d{4})$/, '$1 $2-$3');
}

/** `{ nome, sobrenome }` */
export function parted(name) {
  const [nome, ...rest] = name.split(' ');
  return { nome, sobrenome: rest.join(' ') };
}

/** `2026-11-24T14:30:00.000Z` */
export function instant(time) {
  return new Date(time).toISOString();
}

/** `2026-11-24T14:30:00`: universal time that does not say so. */
export function naive(time) {
  return instant(time).slice(0, 19);
}

/** `{ date: '2026-11-24', slashed: '24/11/2026', clock: '11:30:00' }` as the wall shows it. */
export function onTheWall(time) {
  const [date, clock] = naive(time + WALL).split('T');
  return { date, slashed: date.split('-').reverse().join('/'), clock };
}

/** 1234.56 */
export function reais(cents) {
  return cents === null ? null : cents / 100;
}

/** `R$ 1.234,56` */
export function inWords(cents) {
  return cents === null ? null : `R$ ${(cents / 100).toFixed(2).replace('.', ',').replace(/\B(?=(\d{3})+,)/, '.')}`;
}

/** What a text column has for a message without a text. */
export function written(text, media) {
  return text || { image: '[imagem]', audio: '[áudio]' }[media];
}

/** The `number`th id of table number `table`, from 1 to 9: ids of one table rise. */
export function uuid(table, number) {
  return `${table}0000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}
