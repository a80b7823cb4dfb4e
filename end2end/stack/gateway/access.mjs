// Who may pass the gateway, and as which role.
//
// Why it stands here: these refusals are the hosted platform's own. They have no `code`, unlike
// PostgREST's, and a client that takes one kind for the other tells its user the wrong thing.

const refuse = (status, message, hint) => ({ refusal: { status, body: { message, hint } } });

const NO_KEY = refuse(401, 'No API key found in request', 'No `apikey` request header or url param was found.');
const WRONG_KEY = refuse(401, 'Invalid API key', 'Double check your Supabase `anon` or `service_role` API key.');
const SECRET_IN_BROWSER = refuse(
  401,
  'Forbidden use of secret API key in browser',
  'Secret API keys can only be used in a protected environment and should never be used in a browser. Delete this secret API key immediately.',
);
const ROOT_WITH_ANON = refuse(401, 'Invalid API key', 'Only the `service_role` API key can be used for this endpoint.');
const ROOT_WITH_PUBLISHABLE = refuse(
  401,
  'Secret API key required',
  'Only secret API keys can be used for this endpoint.',
);
const NO_SUCH_PATH = { refusal: { status: 404, body: { error: 'requested path is invalid' } } };

/**
 * Judges a request. Gives either `refusal`, or `service` ('rest', 'auth' or 'realtime') with `target`, the path and
 * query behind the service's prefix, and `token`, the Authorization that goes on to PostgREST.
 */
export function admit(request, keys) {
  const { path, query } = split(request.url);
  const [, service, rest] = /^\/(rest|auth|realtime)\/v1(\/.*)?$/.exec(path) ?? [];
  if (!service) return NO_SUCH_PATH;

  const key = request.headers.apikey ?? query.apikey;
  if (!key) return NO_KEY;
  const known = recognise(key, keys);
  if (!known) return WRONG_KEY;
  if (key.startsWith('sb_secret_') && /mozilla/i.test(request.headers['user-agent'] ?? '')) return SECRET_IN_BROWSER;

  const atRoot = service === 'rest' && (rest ?? '/') === '/';
  if (atRoot && known.role === 'anon') {
    return key.startsWith('sb_') ? ROOT_WITH_PUBLISHABLE : ROOT_WITH_ANON;
  }
  const token = authorization(request.headers.authorization, key, known.jwt);
  return { service, target: (rest ?? '/') + query.others, token };
}

function recognise(key, keys) {
  if (key === keys.publishable_key || key === keys.anon_key) return { role: 'anon', jwt: keys.anon_key };
  if (key === keys.secret_key || key === keys.service_role_key) {
    return { role: 'service_role', jwt: keys.service_role_key };
  }
  return undefined;
}

/** A user's own Authorization goes on as it is; none, or the key once more, becomes the role's JWT. */
function authorization(given, key, jwt) {
  return given === undefined || given === `Bearer ${key}` ? `Bearer ${jwt}` : given;
}

/** Takes `apikey` out of the query and leaves the rest byte for byte as it came. */
function split(url) {
  const mark = url.indexOf('?');
  if (mark < 0) return { path: url, query: { others: '' } };
  const parts = url.slice(mark + 1).split('&');
  const apikey = parts.find((part) => part.startsWith('apikey='));
  const others = parts.filter((part) => !part.startsWith('apikey=')).join('&');
  return {
    path: url.slice(0, mark),
    query: { apikey: apikey?.slice('apikey='.length), others: others && `?${others}` },
  };
}
