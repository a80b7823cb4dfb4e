// Answers that the gateway makes itself.

/** Sends `body` as JSON. */
export function replyJson(response, status, body) {
  reply(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

export function reply(response, status, type, text) {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
