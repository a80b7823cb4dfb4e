// Family A: the memory of an n8n agent. No time; who speaks and what is said stand in JSON, a turn's bubbles in one row.
//
// Why it stands here: the commonest tables of all, written by a node that keeps them for the model and not for a reader.

import { openToAnon } from './access.mjs';
import { digits, written } from './spelling.mjs';
import { turnsInOrder } from './story.mjs';

const TOOLS = '[Used tools: Tool: agenda, Input: {}, Result: []] ';

export const a = {
  family: 'a',
  slug: 'familia-a',
  name: 'Família A',
  probe: 'n8n_chat_histories',
  sql: `
    create table n8n_chat_histories (
      id         serial primary key,
      session_id varchar(255) not null,
      message    jsonb not null
    );
    ${openToAnon(['n8n_chat_histories'])}`,
  rows,
};

function rows(story) {
  const { jid, messages } = story.group;
  const memories = [...turnsInOrder(story).map(remembered), ...messages.map((message) => inGroup(jid, message))];
  memories.sort((one, other) => one.at - other.at);
  const all = memories.flatMap(({ session_id, messages }) => messages.map((message) => ({ session_id, message })));
  return { n8n_chat_histories: all.map((row, index) => ({ id: index + 1, ...row })) };
}

/** Every third answer came of a tool: with a row of the tool's own, or with a note before the text. */
function remembered({ person, author, texts, media, at }, index) {
  const number = digits(person.phone);
  const session_id = Number(number.at(-1)) % 4 === 0 ? number : `${number}@s.whatsapp.net`;
  const content = texts.map((text) => written(text, media)).join(' | ');
  if (author === 'contact') return { session_id, at, messages: [{ type: 'human', content }] };
  const messages = [{ type: 'ai', content: index % 3 === 0 ? TOOLS + content : content }];
  if (index % 3 === 1) messages.unshift({ type: 'tool', content: '[["10:00"]]', name: 'agenda' });
  if (index % 50 === 2) messages.unshift({ type: 'system', content: 'Responda em português.' });
  return { session_id, at, messages };
}

function inGroup(jid, { text, at }) {
  return { session_id: jid, at, messages: [{ type: 'human', content: text }] };
}
