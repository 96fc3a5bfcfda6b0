import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startSandbox, type Sandbox } from '../../../src/main/sandbox/start-sandbox.ts';
import { startControlledPostgres, type ControlledPostgres } from './controlled-postgres.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

const line = z.union([
  z.object({ asked: z.number() }),
  z.object({ told: z.number(), action: z.string(), queued: z.boolean() }),
  z.object({ refused: z.string() }),
  z.object({
    kept: z.array(z.object({ id: z.number().nullable(), state: z.string(), outcome: z.string().optional() })),
  }),
]);
export type Kept = Extract<z.infer<typeof line>, { kept: unknown }>['kept'];

/** A console as a process of its own, on its own way to the database and over its own data folder. */
export interface ConsoleProcess {
  readonly name: string;
  readonly proxy: TcpProxy;
  readonly dataFolder: string;
  child: ChildProcess;
  /** What its person was told, over all its lives. */
  readonly told: { id: number; queued: boolean }[];
  readonly refused: string[];
  alive(): boolean;
  kill(): Promise<void>;
  /** Starts it anew after it was killed. */
  restart(): void;
  /** Its person decides nothing more. */
  rest(): void;
  /** What it keeps; null when it does not answer. */
  kept(): Promise<Kept | null>;
  /** Ends it in order. */
  close(): Promise<void>;
}

export interface ConsoleOffice {
  server: ControlledPostgres;
  /** Without any deal yet; null where the consoles read nothing. */
  vendor: Sandbox | null;
  consoles: ConsoleProcess[];
  close(): Promise<void>;
}

const program = join(import.meta.dirname, 'console-process.ts');

/** `resting`: its person does nothing; `busy`: decides and asks for passes; `forgetful`: decides, and nothing is kept. */
export type ConsoleKind = 'real' | 'busy' | 'resting' | 'forgetful';

/**
 * One database with so many open cases, and so many consoles whose persons decide them. The cases' deals are of 100 days
 * ago, so that no pass over a window looks for them.
 */
export async function openConsoleOffice(
  count: number,
  cases: number,
  kind: ConsoleKind,
  readsVendor = false,
): Promise<ConsoleOffice> {
  const server = await startControlledPostgres();
  const vendor = readsVendor ? await startSandbox({ adversus: { office: 'empty', limits: 'off' } }) : null;
  await server.onOffice(
    `with deal as (
       insert into deals (lead_id, user_id, commission, multi_deals, order_date, order_date_source, status, notes,
                          upstream_updated_at, synced_at, created_at)
       select 'L' || n, 1, 100, 1, now() - interval '100 days', 'instant', 'success', '{}', now(), now(), now() from generate_series(1, $1::int) n
       returning id, lead_id)
     insert into pending_duplicates (lead_id, new_user_id, new_commission, new_order_date, new_multi_deals, new_status,
                                     new_data, state_key, reasons, existing_deal_id, detected_at, updated_at)
     select lead_id, 2, 250, now() - interval '100 days', 1, 'success', '{"orderDate":"x","orderDateSource":"instant","notes":[]}', 'key',
            '{agent}', id, now(), now() from deal order by id`,
    [cases],
  );
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-consoles-'));
  const consoles = await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const proxy = await startTcpProxy(server.port);
      return startConsole(`person ${number}`, kind, proxy, {
        ...(vendor && { ...vendor.environment, OPSDECK_DELTA_SECONDS: '15' }),
        OPSDECK_DATABASE_URL: proxy.through(server.url),
        OPSDECK_DATA_DIR: join(folder, `console-${number}`),
      });
    }),
  );
  return {
    server,
    vendor,
    consoles,
    async close() {
      for (const { child } of consoles) child.kill('SIGKILL');
      await Promise.all(consoles.map(({ proxy }) => proxy.close()));
      await vendor?.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startConsole(
  name: string,
  kind: ConsoleKind,
  proxy: TcpProxy,
  environment: Record<string, string>,
): ConsoleProcess {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(OPSDECK_(?!SQLITE)|VITEST|NODE_OPTIONS)/.test(key)),
  );
  let answer: Kept | null = null;
  function start(): ChildProcess {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, name, kind], {
      env: { ...inherited, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (text) => {
      const read = line.safeParse(parsed(text));
      // Of a process that is killed the last line may be half.
      if (!read.success) return;
      if ('told' in read.data) one.told.push({ id: read.data.told, queued: read.data.queued });
      if ('refused' in read.data) one.refused.push(read.data.refused);
      if ('kept' in read.data) answer = read.data.kept;
    });
    return child;
  }
  const one: ConsoleProcess = {
    name,
    proxy,
    dataFolder: environment['OPSDECK_DATA_DIR']!,
    told: [],
    refused: [],
    child: undefined as unknown as ChildProcess,
    alive: () => one.child.exitCode === null && one.child.signalCode === null,
    async kill() {
      const ended = new Promise((resolve) => one.child.once('close', resolve));
      one.child.kill('SIGKILL');
      await ended;
    },
    restart: () => void (one.child = start()),
    rest: () => void one.child.stdin?.write('rest\n'),
    async kept() {
      answer = null;
      one.child.stdin?.write('kept?\n');
      await until(() => answer !== null, 5_000);
      return answer;
    },
    async close() {
      const ended = new Promise((resolve) => one.child.once('close', resolve));
      one.child.kill('SIGTERM');
      await ended;
    },
  };
  one.restart();
  return one;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
