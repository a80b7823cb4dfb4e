// Supabase Realtime, as a client meets it that listens to changes of tables: joining, heartbeats, and the changes.
//
// Why it stands here: the real one reads the database's log, which this one does not write. Triggers tell instead which table
// changed (realtime.sql), and the row is left out: whoever listens wants to know *that* something changed.
// A topic is refused whole for one table that is not published, as there.

import pg from 'pg';
import { accept } from './websocket.mjs';

const PUBLISHED = `select from pg_publication_tables where pubname = 'supabase_realtime' and schemaname = $1 and tablename = $2`;
const UNPUBLISHED = 'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters';

/** `databaseUrl` is the project's database as superuser: connected to when the first one joins. */
export function createRealtime(databaseUrl) {
  const connections = new Set();
  let database;

  function listen() {
    database ??= (async () => {
      const client = new pg.Client({ connectionString: databaseUrl });
      client.on('error', () => fallIll({ path: '' }));
      client.on('notification', ({ payload }) => {
        for (const connection of connections) connection.tell(JSON.parse(payload));
      });
      await client.connect();
      await client.query('listen realtime');
      return client;
    })();
    return database;
  }

  async function published({ schema, table }) {
    const { rowCount } = await (await listen()).query(PUBLISHED, [schema, table]);
    return rowCount > 0;
  }

  function welcome(request, socket, head) {
    const topics = new Map();
    const send = (topic, event, payload, ref = null) => line.say(JSON.stringify({ topic, event, payload, ref }));

    async function join(topic, ref, wanted) {
      const listed = wanted.map((one, at) => ({ id: 1000 * topics.size + at + 1, ...one }));
      send(topic, 'phx_reply', { status: 'ok', response: { postgres_changes: listed } }, ref);
      const known = await Promise.all(listed.map(published));
      const status = known.every(Boolean) ? 'ok' : 'error';
      const message = status === 'ok' ? 'Subscribed to PostgreSQL' : UNPUBLISHED;
      if (status === 'ok') topics.set(topic, listed);
      send(topic, 'system', { message, status, extension: 'postgres_changes', channel: topic.replace('realtime:', '') });
    }

    function heard(text) {
      const { topic, event, ref, payload } = JSON.parse(text);
      const reply = (status, response = {}) => send(topic, 'phx_reply', { status, response }, ref);
      if (event === 'heartbeat') return reply('ok');
      if (event === 'phx_join' && topic === 'realtime:') return reply('error', { reason: 'TopicNameRequired: You must provide a topic name' });
      if (event === 'phx_join') return join(topic, ref, payload?.config?.postgres_changes ?? []).catch(() => socket.destroy());
      if (event !== 'phx_leave') return undefined;
      topics.delete(topic);
      return reply('ok');
    }

    const connection = {
      url: request.url,
      cut: () => socket.destroy(),
      tell({ schema, table, type }) {
        const data = { schema, table, type, commit_timestamp: new Date().toISOString(), columns: [], record: {}, errors: null };
        for (const [topic, listed] of topics) {
          const ids = listed.filter((one) => one.schema === schema && one.table === table).map(({ id }) => id);
          if (ids.length > 0) send(topic, 'postgres_changes', { ids, data });
        }
      },
    };
    const hear = (text) => {
      try {
        heard(text);
      } catch {
        socket.destroy(); // what is no frame of the protocol
      }
    };
    const line = accept(request, socket, head, { heard: hear, over: () => connections.delete(connection) });
    connections.add(connection);
  }

  /** Cuts the connections that a fault concerns. */
  function fallIll({ path }) {
    for (const { url, cut } of connections) if (url.includes(path)) cut();
  }

  return { welcome, fallIll };
}
