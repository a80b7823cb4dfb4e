// From what happened to table rows: ids in the order of time, as a database would have given them.

import { DAY } from './calendar.mjs';

export function toRows({ business, chats, diary, random }) {
  for (const { messages } of chats) inOrder(messages);
  chats.sort((a, b) => a.messages[0].time - b.messages[0].time);
  chats.forEach((chat, index) => (chat.id = business.firstId + index));
  return {
    conversations: chats.map(conversationRow),
    messages: chats.flatMap(messagesOf).sort((a, b) => a.time - b.time || a.conversation_id - b.conversation_id).map(messageRow),
    appointments: diary
      .map((visit) => ({ visit, booked: visit.chat?.messages[0].time ?? visit.start - random.int(1, 10) * DAY }))
      .sort((a, b) => a.booked - b.booked)
      .map(({ visit }, index) => appointmentRow(visit, business.firstId + index)),
  };
}

/** Messages of one millisecond (a chat that began just after midnight has them) are in order by their microseconds. */
function inOrder(messages) {
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    if (before?.time === message.time) message.micros = Math.max(message.micros, before.micros);
  });
}

function conversationRow({ id, person, name, status, messages }) {
  const last = messages.at(-1);
  return {
    id,
    phone: person.phone,
    name,
    status,
    last_message: last.content,
    created_at: stamp(messages[0]),
    updated_at: stamp(last),
  };
}

function messagesOf({ id, messages }) {
  return messages.map((message) => ({ ...message, conversation_id: id }));
}

function messageRow(message, index) {
  const { conversation_id, direction, content } = message;
  return { id: index + 1, conversation_id, direction, content, created_at: stamp(message) };
}

function appointmentRow({ chat, customer, service, professional, start, end, status, link }, id) {
  return {
    id,
    conversation_id: chat?.id ?? null,
    customer_name: customer.full,
    customer_phone: customer.phone,
    service: service.name,
    professional,
    starts_at: new Date(start).toISOString(),
    ends_at: new Date(end).toISOString(),
    status,
    price_cents: service.price,
    meet_link: link ?? null,
  };
}

/** With microseconds, as Postgres keeps them and clients forget. */
function stamp({ time, micros }) {
  return new Date(time).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
}
