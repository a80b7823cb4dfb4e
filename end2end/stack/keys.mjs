// The keys of one project, in the shapes that Supabase gives out.
//
// Why it stands here: Painel tells the kinds apart by shape and content and refuses most of them, so the
// demo needs all of them, real: signed with the secret that this project's PostgREST checks.

import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto';

const DAY_S = 24 * 3600;
const YEAR_S = 365 * DAY_S;

/** New random keys of a project, valid at `now` (milliseconds). */
export function makeKeys(now = Date.now()) {
  const ref = Array.from({ length: 20 }, () => String.fromCharCode(97 + randomInt(26))).join('');
  const jwtSecret = randomBytes(40).toString('base64url');
  const issued = Math.floor(now / 1000);
  const legacy = (role, iat, exp) => sign({ iss: 'supabase', ref, role, iat, exp }, jwtSecret);
  return {
    ref,
    jwtSecret,
    publishable_key: opaqueKey('sb_publishable_', ref),
    secret_key: opaqueKey('sb_secret_', ref),
    anon_key: legacy('anon', issued, issued + 10 * YEAR_S),
    service_role_key: legacy('service_role', issued, issued + 10 * YEAR_S),
    expired_anon_key: legacy('anon', issued - YEAR_S, issued - DAY_S),
  };
}

/** Prefix, 22 random characters, underscore, 8 of a checksum over the project and what stands before. */
function opaqueKey(prefix, ref) {
  const body = prefix + randomBytes(17).toString('base64url').slice(0, 22);
  const checksum = createHash('sha256').update(`${ref}|${body}`).digest('base64url').slice(0, 8);
  return `${body}_${checksum}`;
}

/** A JWT signed with HMAC-SHA256. */
export function sign(payload, secret) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}
