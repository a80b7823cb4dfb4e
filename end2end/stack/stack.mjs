// Brings the whole stack up, in order: Postgres, then each project's database, tables, PostgREST, data and gateway.
//
// Why it stands here: the one page that shows how the parts belong together. It returns when all of
// it answers. Ending it is process.mjs's business.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, createRoles, createTables, fill, tellOfChanges } from './database.mjs';
import { familyProjects } from './families/projects.mjs';
import { asRead, tellStory } from './families/story.mjs';
import { makeKeys } from './keys.mjs';
import { startPostgres } from './postgres.mjs';
import { startPostgrest } from './postgrest.mjs';
import { startModule } from './process.mjs';
import { projects } from './projects.mjs';

const GATEWAY = fileURLToPath(new URL('./gateway.mjs', import.meta.url));

/**
 * `scratch` is an empty folder of ours; `removeAfter` the paths that a leash removes should we be killed; `families` whether
 * there is a project for each family of tables too.
 * Returns `{ ready, counts, children }`: what goes into the ready file, row counts by slug, and who must live.
 */
export async function bringUp({ scratch, removeAfter, latency, families }) {
  const now = Date.now();
  const story = families ? tellStory(now) : undefined;
  const all = [...projects, ...(story ? familyProjects(story) : [])];
  const { server, url } = await startPostgres({ scratch, removeAfter });
  const authenticatorPassword = randomBytes(24).toString('hex');
  await createRoles(url('postgres'), authenticatorPassword);

  const up = await Promise.all(
    all.map((project) => bringUpProject({ project, url, authenticatorPassword, scratch, latency, now })),
  );
  const entries = up.map((one) => one.entry);
  return {
    ready: {
      pid: process.pid,
      projects: entries.slice(0, projects.length),
      ...(story && { families: entries.slice(projects.length), story: asRead(story) }),
      store: { admin_url: url('postgres') },
    },
    counts: Object.fromEntries(up.map((one) => [one.entry.slug, one.counts])),
    children: [server, ...up.flatMap((one) => one.children)],
  };
}

async function bringUpProject({ project, url, authenticatorPassword, scratch, latency, now }) {
  const adminUrl = url(project.database);
  const databaseUrl = Object.assign(new URL(adminUrl), { username: 'authenticator', password: authenticatorPassword });
  const { jwtSecret, ...keys } = makeKeys(now);
  await createDatabase(url('postgres'), project.database);
  await createTables(adminUrl, project.sql);
  const [postgrest, counts] = await Promise.all([
    startPostgrest({ project, databaseUrl: databaseUrl.href, jwtSecret, scratch }),
    fill(adminUrl, project.rows(now)),
  ]);
  if (project.realtime) await tellOfChanges(adminUrl);

  const restPort = Number(new URL(postgrest.url).port);
  const gateway = startModule({
    name: `The gateway of ${project.slug}`,
    file: GATEWAY,
    config: { keys, restPort, databaseUrl: adminUrl, latency },
    log: join(scratch, `gateway-${project.slug}.log`),
  });
  const { port, controlPort } = await gateway.reply();
  return {
    counts,
    children: [postgrest.server, gateway],
    entry: {
      family: project.family, // of the families alone
      slug: project.slug,
      name: project.name,
      timezone: project.timezone,
      url: `http://127.0.0.1:${port}`,
      origin: `127.0.0.1:${port}`,
      ...keys,
      rest_url: postgrest.url,
      admin_url: adminUrl,
      control_url: `http://127.0.0.1:${controlPort}`,
    },
  };
}
