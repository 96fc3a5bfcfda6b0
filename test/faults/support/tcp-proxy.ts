import { connect, createServer, type Socket } from 'node:net';

/** What happens to a COMMIT on its way: it is lost before the server sees it, or its answer is lost. */
export type CommitFault = 'lost' | 'answer-lost';

/** Stands between a program and its Postgres, and breaks the way at a word. */
export interface TcpProxy {
  readonly port: number;
  /** The same database, through this proxy. */
  through(url: string): string;
  /** Swallows every byte, both ways, of connections there are and of new ones; nobody is told. */
  hole(): void;
  /** New connections work again. Those that were swallowed stay dead, as when a middlebox forgot them. */
  heal(): void;
  /** Every connection ends by a reset. */
  reset(): void;
  /** New connections are refused at once, and the open ones reset. */
  refuse(): void;
  /** Each answer takes this much longer, in ms. */
  delay(ms: number): void;
  /** Asked for each COMMIT that passes; null lets it through. */
  onCommit(decide: (() => CommitFault | null) | null): void;
  /** Told of each connection that somebody opens, or tries to. */
  onAttempt(listener: (() => void) | null): void;
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  dead: boolean;
  cutAtAnswer: boolean;
}

/** A simple query with the text `commit`, as pg sends it. */
const commitMessage = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

/** Starts a proxy in front of a Postgres on 127.0.0.1. */
export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let mode: 'open' | 'hole' | 'refuse' = 'open';
  let delayMs = 0;
  let attempted: (() => void) | null = null;
  let decideCommit: (() => CommitFault | null) | null = null;

  const listener = createServer((client) => {
    attempted?.();
    if (mode === 'refuse') return void client.resetAndDestroy();
    const pair: Pair = {
      client,
      server: connect(serverPort, '127.0.0.1'),
      dead: mode === 'hole',
      cutAtAnswer: false,
    };
    pairs.add(pair);
    pair.client.on('data', (chunk: Buffer) => fromClient(pair, chunk));
    pair.server.on('data', (chunk: Buffer) => fromServer(pair, chunk));
    for (const [one, other] of [
      [pair.client, pair.server],
      [pair.server, pair.client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        // In a hole nobody hears that the other has gone.
        if (!pair.dead) other.destroy();
        if (pair.client.destroyed && pair.server.destroyed) pairs.delete(pair);
      });
    }
  });

  function fromClient(pair: Pair, chunk: Buffer) {
    if (pair.dead) return;
    if (decideCommit && chunk.includes(commitMessage)) {
      const fault = decideCommit();
      if (fault === 'lost') return reset(pair);
      pair.cutAtAnswer = fault === 'answer-lost';
    }
    pair.server.write(chunk);
  }

  function fromServer(pair: Pair, chunk: Buffer) {
    if (pair.dead) return;
    if (pair.cutAtAnswer) return reset(pair);
    if (delayMs === 0) pair.client.write(chunk);
    else setTimeout(() => !pair.dead && !pair.client.destroyed && pair.client.write(chunk), delayMs);
  }

  function reset(pair: Pair) {
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  }

  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  return {
    port,
    through(url) {
      const address = new URL(url);
      address.hostname = '127.0.0.1';
      address.port = String(port);
      return address.href;
    },
    hole() {
      mode = 'hole';
      for (const pair of pairs) pair.dead = true;
    },
    heal: () => (mode = 'open'),
    reset: () => pairs.forEach(reset),
    refuse() {
      mode = 'refuse';
      pairs.forEach(reset);
    },
    delay: (ms) => (delayMs = ms),
    onCommit: (decide) => (decideCommit = decide),
    onAttempt: (listener) => (attempted = listener),
    async close() {
      pairs.forEach(reset);
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
