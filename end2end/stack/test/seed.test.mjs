// The generator by itself: the same each time, and right at odd hours.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { projects } from '../projects.mjs';
import { DAY, HOUR, midnight } from '../seed/calendar.mjs';
import { generate } from '../seed/generate.mjs';
import { nastyConversations } from '../seed/nasty.mjs';

const TUESDAY_AFTERNOON = Date.parse('2026-11-24T17:00:00Z');
const JUST_AFTER_MIDNIGHT = Date.parse('2026-11-25T03:02:00Z');
const SUNDAY_MORNING = Date.parse('2027-02-28T13:30:00Z');
const AT_MIDNIGHT = Date.parse('2026-11-25T03:00:07Z');
const A_BUSY_DAY = Date.parse('2026-11-27T09:07:00Z'); // a Friday, six in the morning
const INSTANTS = [TUESDAY_AFTERNOON, JUST_AFTER_MIDNIGHT, SUNDAY_MORNING, AT_MIDNIGHT];

describe('the seed', () => {
  for (const project of projects) {
    test(`of ${project.slug} gives the same rows for the same instant`, () => {
      assert.deepEqual(generate(project, TUESDAY_AFTERNOON), generate(project, TUESDAY_AFTERNOON));
    });

    test(`of ${project.slug} keeps its people and counts at another instant`, () => {
      const [now, later] = [TUESDAY_AFTERNOON, SUNDAY_MORNING].map((instant) => generate(project, instant));
      const people = ({ conversations }) => conversations.map(({ name, phone }) => `${name} ${phone}`).sort();
      assert.deepEqual(people(later), people(now));
      assert.equal(later.appointments.length, now.appointments.length);
    });

    test(`of ${project.slug} shows what is nasty on page one at every hour of a busy day`, () => {
      for (let hour = 0; hour < 24; hour += 1) {
        const now = A_BUSY_DAY + hour * HOUR;
        const { conversations } = generate(project, now);
        const page = conversations.sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at)).slice(0, 50);
        for (const { name } of nastyConversations) {
          assert.ok(page.some((row) => row.name === name), `${name} at ${new Date(now).toISOString()}`);
        }
        assert.ok(Date.parse(page[0].updated_at) < now);
      }
    });

    for (const now of INSTANTS) {
      test(`of ${project.slug} has every chat in order at ${new Date(now).toISOString()}`, () => {
        const { conversations, messages } = generate(project, now);
        const last = new Map();
        for (const { conversation_id: chat, created_at } of messages) {
          assert.ok(created_at >= (last.get(chat) ?? conversations[chat - conversations[0].id].created_at), `chat ${chat} at ${created_at}`);
          last.set(chat, created_at);
        }
        for (const { id, updated_at } of conversations) assert.equal(last.get(id), updated_at);
      });

      test(`of ${project.slug} is alive at ${new Date(now).toISOString()}`, () => {
        const { conversations, messages, appointments } = generate(project, now);
        const today = midnight(now);
        const count = (rows, column, from, to) => rows.filter((row) => Date.parse(row[column]) >= from && Date.parse(row[column]) < to).length;
        assert.ok(count(conversations, 'created_at', today, now) >= 10);
        assert.ok(count(conversations, 'updated_at', now - HOUR, now) >= 3);
        assert.equal(count(messages, 'created_at', now, Infinity), 0);
        assert.ok(count(appointments, 'starts_at', now, today + DAY) >= 3);
        for (const day of [0, 1, 2]) assert.ok(count(appointments, 'starts_at', today + day * DAY, today + (day + 1) * DAY) >= 4);
        assert.ok(count(appointments, 'starts_at', today + 25 * DAY, today + 31 * DAY) >= 1);
      });
    }
  }
});
