// Family G: Evolution's own table. Seconds since 1970, and WhatsApp's JSON as it comes.
//
// Why it stands here: the same person's id comes with the ninth digit and without it, and a photo is a key of the JSON.

import { openToAnon } from './access.mjs';
import { digits, withoutNinth } from './spelling.mjs';
import { bubblesInOrder } from './story.mjs';

export const g = {
  family: 'g',
  slug: 'familia-g',
  name: 'Família G',
  probe: 'Message',
  sql: `
    create table "Message" (
      id                 text primary key,
      key                jsonb not null,
      "pushName"         text,
      message            jsonb not null,
      "messageTimestamp" int not null,
      "messageType"      text not null
    );
    ${openToAnon(['"Message"'])}`,
  rows,
};

function rows({ people, group }) {
  const bubbles = bubblesInOrder({ people }).map(({ person, ...bubble }, index) => ({
    ...bubble,
    jid: jidOf(person, index),
    name: person.name,
  }));
  const inGroup = group.messages.map((message) => ({ ...message, jid: group.jid, author: 'contact', name: 'Marta Recepção' }));
  return { '"Message"': [...bubbles, ...inGroup].sort((one, other) => one.at - other.at).map(messageRow) };
}

function jidOf({ phone }, index) {
  return `${index % 3 === 0 ? withoutNinth(phone) : digits(phone)}@s.whatsapp.net`;
}

function messageRow({ jid, name, author, text, media, at }, index) {
  const id = `3EB0${(index + 1).toString(16).toUpperCase().padStart(8, '0')}`;
  const fromMe = author !== 'contact';
  const [messageType, content] = said(text, media, fromMe);
  return {
    id,
    key: { remoteJid: jid, fromMe, id },
    pushName: fromMe ? null : name,
    message: { [messageType]: content },
    messageTimestamp: at / 1000,
    messageType,
  };
}

function said(text, media, fromMe) {
  if (media === 'image') return ['imageMessage', { mimetype: 'image/jpeg', ...(text && { caption: text }) }];
  if (media === 'audio') return ['audioMessage', { mimetype: 'audio/ogg; codecs=opus', seconds: 4 }];
  return fromMe ? ['extendedTextMessage', { text }] : ['conversation', text];
}
