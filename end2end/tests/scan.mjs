// Finds a secret in bytes, in any of the shapes that it could leave the product in.

const HTML = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

/** `[name, text]` of every shape. */
export function shapesOf(secret) {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const each = (write) => Array.from(bytes, write);
  return [
    ['raw', secret],
    ['as HTML', secret.replaceAll(/[&<>"']/g, (sign) => HTML[sign])],
    ['as JSON', JSON.stringify(secret).slice(1, -1)],
    ['as JSON in HTML', JSON.stringify(secret).slice(1, -1).replaceAll('<', '\\u003c')],
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded wholly', each((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('')],
    ['as a list of bytes', each(String).join(', ')],
    ['as a list of bytes without gaps', each(String).join(',')],
    ...[0, 1, 2].flatMap((shift) => ['base64', 'base64url'].map((kind) => [`${kind} at ${shift}`, inBase64(bytes, kind, shift)])),
  ];
}

/** Names of the shapes of `secret` that stand in `bytes`. */
export function shapesIn(bytes, secret) {
  return shapesOf(secret)
    .filter(([, text]) => bytes.includes(text))
    .map(([name]) => name);
}

/** The part of the encoding that does not depend on what stands before or behind the secret. */
function inBase64(bytes, kind, shift) {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString(kind).replaceAll('=', '');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}
