import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { ConsoleContract } from '../shared/contract/index.ts';
import type { WallContract } from '../shared/contract/wall.ts';

/** Everything main answers a console, typed by the contract. */
export type ConsoleClient = ContractRouterClient<ConsoleContract>;
/** Everything main answers a wall. */
export type WallClient = ContractRouterClient<WallContract>;

/** Work that lives as long as one port: started with each new one, aborted when it is replaced or closed. */
export type ConnectionWork<Client> = (client: Client, signal: AbortSignal) => void;

export interface Api<Client = ConsoleClient> {
  /** The client of the newest port; waits for the first. */
  client(): Promise<Client>;
  /** Runs `work` for the present port and every later one. */
  onConnect(work: ConnectionWork<Client>): void;
  /** Told true with each new port, false when the present one closes. */
  onConnectionChange(listener: (connected: boolean) => void): void;
}

interface Connection<Client> {
  readonly client: Client;
  readonly abort: AbortController;
}

/** The console's way to main. */
export function connectApi(page: Window): Api {
  return connectPort(page, (port): ConsoleClient => createORPCClient(new RPCLink({ port })));
}

/** The wall's, on a port that answers less. */
export function connectWallApi(page: Window): Api<WallClient> {
  return connectPort(page, (port): WallClient => createORPCClient(new RPCLink({ port })));
}

/** Listens for the port that the preload passes on, and builds a client on each that comes. */
function connectPort<Client>(page: Window, build: (port: MessagePort) => Client): Api<Client> {
  const waiting: Array<(client: Client) => void> = [];
  const works: ConnectionWork<Client>[] = [];
  const listeners: Array<(connected: boolean) => void> = [];
  let connection: Connection<Client> | null = null;

  function take(port: MessagePort): void {
    connection?.abort.abort(new Error('The connection was replaced'));
    const client = build(port);
    const mine = { client, abort: new AbortController() };
    connection = mine;
    port.addEventListener('close', () => {
      mine.abort.abort(new Error('The connection was closed'));
      if (connection === mine) for (const tell of listeners) tell(false);
    });
    port.start();
    for (const resolve of waiting.splice(0)) resolve(client);
    for (const work of works) work(client, mine.abort.signal);
    for (const tell of listeners) tell(true);
  }

  page.addEventListener('message', (event) => {
    if (event.source !== page || event.data !== 'port') return;
    const port = event.ports[0];
    if (port !== undefined) take(port);
  });

  return {
    client: () =>
      connection === null
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(connection.client),
    onConnect(work) {
      works.push(work);
      if (connection !== null) work(connection.client, connection.abort.signal);
    },
    onConnectionChange: (listener) => void listeners.push(listener),
  };
}
