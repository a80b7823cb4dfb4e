// WebSocket on the server's side (RFC 6455), as much of it as short texts take: no extensions and no fragments.

import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';

const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const [TEXT, CLOSE, PING, PONG] = [1, 8, 9, 10];
const MOST = 0xffff; // bytes of a text

/** Answers a request to upgrade with a status instead. */
export function refuse(socket, status, body) {
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}

/**
 * Takes an upgraded connection, `head` being what came behind the request. Calls `heard(text)` for each text and `over()` at
 * the end; gives `say(text)`.
 */
export function accept(request, socket, head, { heard, over }) {
  const key = request.headers['sec-websocket-key'] ?? '';
  const head101 = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${createHash('sha1').update(key + ACCEPT).digest('base64')}`,
  ];
  socket.setTimeout(0);
  socket.setNoDelay(true);
  socket.write(`${head101.join('\r\n')}\r\n\r\n`);

  let bytes = Buffer.alloc(0);
  const take = (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (let frame; (frame = decode(bytes)) && !socket.destroyed; bytes = frame.rest) {
      if (frame.broken || frame.opcode === CLOSE) return socket.end(encode(CLOSE, Buffer.alloc(0)));
      if (frame.opcode === PING) socket.write(encode(PONG, frame.payload));
      if (frame.opcode === TEXT) heard(frame.payload.toString());
    }
  };
  if (head.length > 0) socket.unshift(head);
  socket.on('data', take);
  socket.on('end', () => socket.destroy());
  socket.on('close', over);
  return { say: (text) => socket.writable && socket.write(encode(TEXT, Buffer.from(text))) };
}

/** A frame, masked as clients must. */
export function encode(opcode, payload, mask) {
  const size = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  if (payload.length > MOST) throw new Error('a text is too long');
  if (mask) size[0] |= 0x80;
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size]), mask ?? Buffer.alloc(0), mask ? masked(payload, mask) : payload]);
}

/** The first frame of some bytes and the `rest` of them; nothing while it is not whole. */
export function decode(bytes) {
  if (bytes.length < 2) return undefined;
  const [first, second] = bytes;
  const short = second & 0x7f;
  if (!(first & 0x80) || short === 127) return { broken: true, rest: Buffer.alloc(0) };
  if (short === 126 && bytes.length < 4) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const start = short === 126 ? 4 : 2;
  const from = start + (second & 0x80 ? 4 : 0);
  if (bytes.length < from + length) return undefined;
  const payload = bytes.subarray(from, from + length);
  return {
    opcode: first & 0x0f,
    payload: second & 0x80 ? masked(payload, bytes.subarray(start, from)) : payload,
    rest: bytes.subarray(from + length),
  };
}

function masked(payload, mask) {
  return Buffer.from(payload.map((byte, at) => byte ^ mask[at % 4]));
}
