// One conversation that is longer than a page of its thread. The demo has none, and it would not look real there.
import pg from 'pg';

export const LONG_THREAD = { id: 900_001, name: 'Conversa Comprida', messages: 230 };

/** Adds it to a project, far enough back to change no figure of the overview and no first page of a list. */
export async function addLongThread(project) {
  const { id, name, messages } = LONG_THREAD;
  const client = new pg.Client({ connectionString: project.admin_url });
  await client.connect();
  try {
    await client.query(
      `insert into conversations (id, phone, name, status, last_message, created_at, updated_at)
       values ($1, '+5511900000001', $2, 'closed', 'Linha ' || $3::int, now() - interval '60 days', now() - interval '50 days')`,
      [id, name, messages],
    );
    await client.query(
      `insert into messages (id, conversation_id, direction, content, created_at)
       select 900000 + n, $1, case when n % 2 = 0 then 'out' else 'in' end, 'Linha ' || n,
              now() - interval '60 days' + n * interval '1 hour'
       from generate_series(1, $2::int) n`,
      [id, messages],
    );
  } finally {
    await client.end();
  }
}
