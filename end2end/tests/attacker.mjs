// Another site, and what it tries on somebody who is signed in to ours: a page an attack. `http://localhost` is another
// site than `http://127.0.0.1` (cookies with SameSite=Lax stay at home); another port of 127.0.0.1 is another origin of
// the same site, to which the browser sends every cookie.
import { createServer } from 'node:http';

/** Serves pages at `/<name>`, from a map that may grow. `stop()` ends it. */
export async function openSite(host) {
  const pages = new Map();
  const server = createServer((request, response) => {
    const page = pages.get(new URL(request.url, 'http://x').pathname.slice(1));
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page ?? 'nothing here');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    show: (name, html) => {
      pages.set(name, `<!doctype html><title>${name}</title>${html}`);
      return `http://${host}:${port}/${name}`;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const text = (value) => String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** A form that sends itself as soon as it is there. */
export function selfSending(action, fields, { target = '', enctype = 'application/x-www-form-urlencoded' } = {}) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`);
  return `<form method="post" action="${text(action)}" target="${target}" enctype="${enctype}">${inputs.join('')}</form>
    <script>document.forms[0].submit()</script>`;
}

/** A script that may push what it gets hold of to `leaked`; `done` is set when it has tried everything. */
export function trying(body) {
  return `<script>
    window.leaked = [];
    (async () => { try { ${body} } catch (error) { window.failed = String(error) } window.done = true; })();
  </script>`;
}
