// One real PostgREST for one project, on a free port of 127.0.0.1.
//
// Why it stands here: what Painel reads, it reads through PostgREST; a stand-in would answer as we
// imagine it, not as it does. Settings are Supabase's where they differ from PostgREST's own.

import { join } from 'node:path';
import { postgrestBinary } from './binaries.mjs';
import { onFreePort } from './ports.mjs';
import { startProgram, waitUntil } from './process.mjs';

const PATIENCE_S = 45; // with the families ten start at once, maybe beside a build

/** Returns `{ server, url }`. The tables must be there already: PostgREST reads the schema once. */
export function startPostgrest({ project, databaseUrl, jwtSecret, scratch }) {
  return onFreePort(async (port) => {
    const server = startProgram({
      name: `PostgREST of ${project.slug}`,
      command: postgrestBinary(),
      args: [],
      cwd: '/',
      log: join(scratch, `postgrest-${project.slug}-${port}.log`),
      env: {
        PGRST_DB_URI: databaseUrl,
        PGRST_DB_SCHEMAS: project.schemas,
        PGRST_DB_ANON_ROLE: 'anon',
        PGRST_DB_MAX_ROWS: '1000',
        PGRST_DB_POOL: String(project.pool),
        PGRST_DB_AGGREGATES_ENABLED: String(project.sums ?? false),
        PGRST_JWT_SECRET: jwtSecret,
        PGRST_SERVER_HOST: '127.0.0.1',
        PGRST_SERVER_PORT: String(port),
        PGRST_LOG_LEVEL: 'crit',
      },
    });
    const url = `http://127.0.0.1:${port}`;
    await waitUntil(server, () => ready(url, project), PATIENCE_S);
    return { server, url };
  });
}

async function ready(url, { probe, profile }) {
  try {
    const response = await fetch(`${url}/${probe}?limit=1`, { headers: profile ? { 'accept-profile': profile } : {} });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
