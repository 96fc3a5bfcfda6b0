import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

/** answers: it is there · silent: nothing came in time · absent: there is none · unknown: this desktop is not asked so. */
export type ServiceAnswer = 'answers' | 'silent' | 'absent' | 'unknown';

/**
 * Asks the desktop's notification service whether it answers, without waiting in the main thread. Where it accepts
 * calls and never answers, libnotify, which Electron shows notifications with, would hold the whole program at each, by
 * D-Bus's own limit for 25 seconds. A minimal D-Bus client (specification 0.43): two calls without arguments, and the second one's reply.
 */
export async function askNotificationService(
  environment: Readonly<Record<string, string | undefined>>,
  longestMs: number,
): Promise<ServiceAnswer> {
  if (process.platform !== 'linux') return 'unknown';
  const path = busPath(environment);
  // Without a bus Chromium switches D-Bus off for itself: what it would show goes nowhere.
  if (path === 'none') return 'absent';
  if (path === null) return 'unknown';
  const socket = connect({ path });
  try {
    return await new Promise<ServiceAnswer>((resolve) => {
      const timer = setTimeout(() => resolve('silent'), longestMs);
      socket.once('error', () => resolve('absent'));
      socket.once('close', () => resolve('absent'));
      converse(socket, resolve);
      timer.unref();
    });
  } finally {
    socket.destroy();
  }
}

/** The session bus's socket; `none`: there is no bus; null where it is reached in another way. An abstract one begins with NUL. */
function busPath(environment: Readonly<Record<string, string | undefined>>): string | null {
  const address = environment['DBUS_SESSION_BUS_ADDRESS'];
  if (!address) {
    const runtime = environment['XDG_RUNTIME_DIR'];
    return runtime ? join(runtime, 'bus') : 'none';
  }
  if (address.startsWith('disabled:')) return 'none';
  const first = address.split(';')[0] ?? '';
  const found = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(first);
  if (!found) return null;
  const name = decodeURIComponent(found[2]!);
  return found[1] === 'abstract' ? `\u0000${name}` : name;
}

const askSerial = 2;

function converse(socket: Socket, tell: (answer: ServiceAnswer) => void): void {
  let received: Buffer = Buffer.alloc(0);
  let isIn = false;
  const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  socket.write(`\u0000AUTH EXTERNAL ${user}\r\n`);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (!isIn) {
      const end = received.indexOf('\r\n');
      if (end < 0) return;
      if (!received.toString('latin1', 0, 3).startsWith('OK')) return tell('unknown');
      received = received.subarray(end + 2);
      isIn = true;
      socket.write('BEGIN\r\n');
      socket.write(call(1, 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'Hello'));
      const service = 'org.freedesktop.Notifications';
      socket.write(call(askSerial, service, '/org/freedesktop/Notifications', 'GetServerInformation'));
    }
    for (let length = lengthOf(received); length !== null && received.length >= length;) {
      const kind = replyTo(received, askSerial);
      if (kind !== null) return tell(kind === 'return' ? 'answers' : 'absent');
      received = received.subarray(length);
      length = lengthOf(received);
    }
  });
}

/** Types of header fields, by their number. */
const fields = { path: 1, interface: 2, member: 3, replySerial: 5, destination: 6 } as const;
const methodCall = 1;
const methodReturn = 2;
const methodError = 3;

/** A call without arguments; interface and destination have the same name in both that are made. */
function call(serial: number, name: string, path: string, member: string): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (const [field, type, text] of [
    [fields.path, 'o', path],
    [fields.interface, 's', name],
    [fields.member, 's', member],
    [fields.destination, 's', name],
  ] as const) {
    const value = Buffer.from(text);
    const bytes = Buffer.alloc(padded(length) - length + 8 + value.length + 1);
    const at = padded(length) - length;
    bytes.writeUInt8(field, at);
    bytes.write(`\u0001${type}`, at + 1, 'latin1');
    bytes.writeUInt32LE(value.length, at + 4);
    value.copy(bytes, at + 8);
    parts.push(bytes);
    length += bytes.length;
  }
  const head = Buffer.alloc(16);
  head.write('l', 0, 'latin1');
  head.writeUInt8(methodCall, 1);
  head.writeUInt8(1, 3);
  head.writeUInt32LE(serial, 8);
  head.writeUInt32LE(length, 12);
  return Buffer.concat([head, ...parts, Buffer.alloc(padded(length) - length)]);
}

/** How long the first message is; null while that is not known yet. */
function lengthOf(bytes: Buffer): number | null {
  if (bytes.length < 16) return null;
  const { uint32 } = reader(bytes);
  return 16 + padded(uint32(12)) + uint32(4);
}

/** What a message is of the call that has this number: its return, its failure; null: it is about something else. */
function replyTo(bytes: Buffer, serial: number): 'return' | 'error' | null {
  const type = bytes.readUInt8(1);
  if (type !== methodReturn && type !== methodError) return null;
  const { uint32 } = reader(bytes);
  const end = 16 + uint32(12);
  for (let at = 16; at < end;) {
    const field = bytes.readUInt8(at);
    const signature = bytes.toString('latin1', at + 2, at + 3);
    if (field === fields.replySerial && uint32(at + 4) === serial)
      return type === methodReturn ? 'return' : 'error';
    // u: the number itself · g: a length of one byte, text, NUL · s and o: a length, text, NUL
    if (signature === 'u') at += 8;
    else if (signature === 'g') at = padded(at + 4 + bytes.readUInt8(at + 4) + 2);
    else at = padded(at + 8 + uint32(at + 4) + 1);
  }
  return null;
}

const padded = (length: number) => Math.ceil(length / 8) * 8;

function reader(bytes: Buffer) {
  const isLittle = bytes.readUInt8(0) === 'l'.charCodeAt(0);
  return { uint32: (at: number) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) };
}
