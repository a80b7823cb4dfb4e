// The families' story by itself: the same each time, and as promised at odd hours.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { familyProjects } from '../families/projects.mjs';
import { inBrackets, inWords, national, oldFashioned, onTheWall, withoutNinth } from '../families/spelling.mjs';
import { asRead, tellStory, turnsInOrder } from '../families/story.mjs';
import { DAY } from '../seed/calendar.mjs';

const INSTANTS = ['2026-11-24T17:00:00.123Z', '2026-11-25T03:02:00Z', '2027-02-28T13:30:59.999Z'].map(Date.parse);
const SECOND = 1000;

describe('the story', () => {
  for (const now of INSTANTS) {
    const { people, appointments } = asRead(tellStory(now));

    test(`gives the same rows for ${new Date(now).toISOString()}`, () => {
      const rows = () => familyProjects(tellStory(now)).map((project) => project.rows());
      assert.deepEqual(rows(), rows());
    });

    test(`has its people and messages right at ${new Date(now).toISOString()}`, () => {
      assert.equal(people.length, 130);
      assert.equal(new Set(people.map(({ phone }) => withoutNinth(phone))).size, 130);
      assert.equal(new Set(people.map(({ name }) => name)).size, 130);
      assert.equal(people.filter(({ phone }) => /^\+351\d{9}$/.test(phone)).length, 1);
      assert.equal(people.filter(({ phone }) => /^\+55\d\d9[6-9]\d{7}$/.test(phone)).length, 128);
      for (const { messages, last } of people) {
        assert.ok(messages.length >= 3 && messages.length <= 8);
        assert.equal(messages.at(-1).text, last);
        assert.notEqual(last, '');
      }
      assert.equal(people.flatMap(({ messages }) => messages).filter(({ media }) => media).length, 3);
      assert.ok(people.filter(({ messages }) => messages.some(({ author }) => author === 'human')).length >= 5);
    });

    test(`has its times right at ${new Date(now).toISOString()}`, () => {
      const turns = turnsInOrder(tellStory(now));
      const times = turns.map(({ at }) => at);
      assert.equal(new Set(times).size, times.length);
      assert.ok(times.every((time) => time % SECOND === 0 && time < now && time > now - 20 * DAY));
      for (const { turns } of tellStory(now).people) {
        turns.forEach(({ author }, index) => assert.equal(author === 'contact', index % 2 === 0));
        assert.deepEqual(turns.map(({ at }) => at), turns.map(({ at }) => at).toSorted((a, b) => a - b));
      }
      const latest = people.map(({ messages }) => messages.at(-1).at);
      assert.deepEqual(latest, latest.toSorted().reverse());
    });

    test(`begins with Beto and Ana at ${new Date(now).toISOString()}`, () => {
      const [beto, ana] = people;
      assert.deepEqual([beto.name, beto.phone, beto.last], ['Beto Lins', '+558133334444', 'Bom dia']);
      assert.deepEqual([ana.name, ana.phone, ana.last], ['Ana Prado', '+5511987654321', 'Qual dia?']);
      const said = ana.messages.map(({ author, text }) => `${author}: ${text}`);
      assert.deepEqual(said, ['contact: Quero marcar', 'bot: Claro!', 'bot: Qual dia?']);
      assert.equal(Date.parse(ana.messages[1].at) - Date.parse(ana.messages[0].at), 5 * SECOND);
      assert.equal(ana.messages[1].at, ana.messages[2].at);
    });

    test(`has its appointments right at ${new Date(now).toISOString()}`, () => {
      assert.equal(appointments.length, 60);
      const starts = appointments.map((one) => one.starts);
      assert.deepEqual(starts, [...new Set(starts)].sort());
      for (const { name, phone, starts, minutes, status, price_cents } of appointments) {
        assert.ok(people.some((person) => person.name === name && person.phone === phone));
        assert.match(onTheWall(Date.parse(starts)).clock, /^(0[89]|1[0-7]):(00|15|30|45):00$/);
        assert.ok(Math.abs(Date.parse(starts) - now) < 21 * DAY);
        assert.ok([30, 45, 60].includes(minutes));
        assert.equal(['completed', 'no_show'].includes(status) && Date.parse(starts) > now, false);
        assert.ok(price_cents === null || Number.isInteger(price_cents));
      }
      const statuses = new Set(appointments.map(({ status }) => status));
      assert.deepEqual([...statuses].sort(), ['cancelled', 'completed', 'confirmed', 'no_show', 'scheduled']);
      const links = appointments.filter(({ link }) => link).length;
      assert.ok(links >= 3 && links <= 20);
      assert.equal(new Set(appointments.map(({ professional }) => professional)).size, 4); // three, and none
    });
  }

  test('keeps its people at another instant', () => {
    const people = (now) => asRead(tellStory(now)).people.map(({ name, phone, last }) => [name, phone, last]);
    assert.deepEqual(people(INSTANTS[0]), people(INSTANTS[2]));
  });
});

test('phones, times and prices are written as people do', () => {
  const [mobile, landline, foreign] = ['+5511987654321', '+558133334444', '+351921000321'];
  const spelt = (phone) => [withoutNinth, national, inBrackets, oldFashioned].map((spell) => spell(phone));
  assert.deepEqual(spelt(mobile), ['551187654321', '11987654321', '(11) 98765-4321', '11 8765-4321']);
  assert.deepEqual(spelt(landline), ['558133334444', '8133334444', '(81) 3333-4444', '81 3333-4444']);
  assert.deepEqual(spelt(foreign), ['351921000321', foreign, foreign, foreign]);
  assert.deepEqual(onTheWall(Date.parse('2026-11-25T01:02:03Z')), { date: '2026-11-24', slashed: '24/11/2026', clock: '22:02:03' });
  assert.deepEqual([18000, 12050, 123456, 5, null].map(inWords), ['R$ 180,00', 'R$ 120,50', 'R$ 1.234,56', 'R$ 0,05', null]);
});
