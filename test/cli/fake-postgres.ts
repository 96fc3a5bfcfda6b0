import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that speaks just enough of Postgres' protocol to refuse a password, or to be too old. */
export async function startFakePostgres(
  kind: 'wrong-password' | 'too-old',
): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    let started = false;
    let buffer = Buffer.alloc(0);
    socket.on('data', (data) => {
      buffer = Buffer.concat([buffer, data]);
      if (!started) {
        if (buffer.length < 8 || buffer.length < buffer.readInt32BE(0)) return;
        const isSsl = buffer.readInt32BE(4) === 80_877_103;
        buffer = buffer.subarray(buffer.readInt32BE(0));
        if (isSsl) return void socket.write('N');
        started = true;
        if (kind === 'wrong-password') return void socket.end(refusal());
        socket.write(Buffer.concat([message('R', int32(0)), ready()]));
      }
      while (buffer.length >= 5 && buffer.length >= 1 + buffer.readInt32BE(1)) {
        const type = String.fromCharCode(buffer[0]!);
        buffer = buffer.subarray(1 + buffer.readInt32BE(1));
        if (type === 'Q') socket.write(rows());
        if (type === 'P') socket.write(message('1'));
        if (type === 'B') socket.write(message('2'));
        if (type === 'X') socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `postgres://anna:fel-l%C3%B6sen@127.0.0.1:${(server.address() as AddressInfo).port}/opsdeck`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The answer to every statement: a server of 2021. */
function rows(): Buffer {
  const names = ['number', 'name'];
  const values = ['140005', '14.5'];
  const columns = names.map((name) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
  );
  const cells = values.map((value) => Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]));
  return Buffer.concat([
    message('T', Buffer.concat([int16(names.length), ...columns])),
    message('D', Buffer.concat([int16(values.length), ...cells])),
    message('C', text('SELECT 1')),
    ready(),
  ]);
}

function refusal(): Buffer {
  const fields = ['SFATAL', 'VFATAL', 'C28P01', 'Mpassword authentication failed for user "anna"'];
  return message('E', Buffer.concat([...fields.map(text), Buffer.from([0])]));
}

const ready = () => message('Z', Buffer.from('I'));
const text = (value: string) => Buffer.concat([Buffer.from(value), Buffer.from([0])]);

function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}
