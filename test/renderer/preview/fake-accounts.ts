import { implement, ORPCError } from '@orpc/server';
import type { Account, ListProgress, OpenRequest, RowResult } from '../../../src/shared/contract/accounts.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { SystemMode } from '../../../src/shared/contract/mode.ts';
import type { Task } from '../../../src/shared/contract/tasks.ts';
import { createHub } from './hub.ts';
import { ago, nameOf, type Scenario } from './scenarios.ts';

const names = ['Karin Holm', 'Johan Ek', 'Sara Lind', 'Omar Haddad', 'Elin Åberg', 'Nils Öst'];
const plans = ['Bas', 'Team', 'Företag'];
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function makeAccount(index: number, scenario: Scenario): Account {
  const name = scenario === 'long' ? nameOf(index, scenario) : names[index % names.length]!;
  const email = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}${index}@example.com`;
  return {
    ...{ id: 900 - index, email, name, plan: plans[index % 3]!, request_key: `account-${index}` },
    ...{ directory_id: uuid(index), created_at: ago(index * 4_200), created_by: 'anna' },
  };
}

function makeRequest(index: number): OpenRequest {
  const refused = index > 1;
  return {
    ...{ key: `account-9${index}`, email: `onskad${index}@example.com`, name: 'Ny Kund', plan: 'Bas' },
    ...{ state: refused ? 'refused' : 'open', path: 'queue', actor: 'anna' },
    message: refused ? `onskad${index}@example.com belongs to another account of the directory.` : null,
    ...{ created_at: ago(600 + index), updated_at: ago(30) },
  };
}

function makeTask(index: number): Task {
  const state = (['running', 'parked', 'failed', 'waiting'] as const)[Math.min(index, 3)]!;
  const failed = state === 'parked' || state === 'failed';
  return {
    ...{ id: String(400 + index), state, key: `account-${index}`, email: `ny${index}@example.com` },
    tries: state === 'parked' ? 3 : failed ? 1 : 0,
    most_tries: 3,
    ...{ run_at: ago(-20 * index), created_at: ago(300 + index) },
    cause: failed ? (state === 'parked' ? 'UPSTREAM_FAILED' : 'UPSTREAM_BUSY') : null,
    message: failed ? 'The account directory failed with 503. Try again.' : null,
  };
}

const results = ['queued', 'queued', 'created', 'skipped', 'refused'] as const;

/** A list of forty, a row every tenth of a second. */
async function runList(tell: (progress: ListProgress) => void): Promise<void> {
  const total = 40;
  const counts = { created: 0, queued: 0, skipped: 0, failed: 0 };
  for (let done = 0; done <= total; done += 1) {
    const rows: RowResult[] = [];
    if (done > 0) {
      const result = results[done % results.length]!;
      counts[result === 'refused' ? 'failed' : result] += 1;
      const message = result === 'refused' ? 'The email belongs to another account of the directory.' : null;
      rows.push({ line: done + 1, email: `ny${done}@example.com`, result, message });
    }
    tell({ stage: done < total ? 'running' : 'ended', total, done, ...counts, cancelled: false, rows });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Mode, accounts and tasks of one scenario. */
export function createFakeAccounts(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract);
  const hub = createHub<ListProgress>();
  const isEmpty = scenario === 'empty' || scenario === 'first';
  const many = isEmpty ? 0 : scenario === 'many' ? 10_000 : scenario === 'three' ? 3 : 40;
  let mode: SystemMode = 'async_queue';
  const view = () => ({
    mode,
    cachedAt: ago(12),
    believed: scenario === 'away',
    processes:
      scenario === 'away'
        ? []
        : (['console', 'agent', 'console'] as const).map((kind, n) => ({
            ...{ id: uuid(n), kind, host: ['norr', 'server', 'syd'][n]!, pid: 4_711 + n, version: '0.1.0' },
            ...{ mode: n === 2 ? null : mode, since: n === 2 ? null : ago(4_000), seen_at: ago(n * 4) },
            ...{ alive: true, runs_tasks: n < 2, self: n === 0 },
          })),
  });
  const accounts = {
    add: os.accounts.add.handler(({ input }) => {
      if (input.email.startsWith('upptagen'))
        throw new ORPCError('CONFLICT', {
          message: 'The email belongs to another account of the directory.',
        });
      const result = scenario === 'away' ? ('kept' as const) : ('queued' as const);
      return {
        ...{ success: true as const, result, email: input.email, key: 'account-1' },
        ...{ reason: null, path: 'queue' as const },
      };
    }),
    list: os.accounts.list.handler(({ input }) =>
      answer(() => ({
        accounts: Array.from({ length: Math.min(input.limit, Math.max(0, many - input.offset)) }, (_, n) =>
          makeAccount(n + input.offset, scenario),
        ),
        count: many,
      })),
    ),
    requests: os.accounts.requests.handler(() => ({
      requests: isEmpty ? [] : Array.from({ length: 4 }, (_, n) => makeRequest(n)),
      ...{ count: isEmpty ? 0 : 4, configured: scenario !== 'first' },
      missing: scenario === 'first' ? ['OPSDECK_DIRECTORY_URL', 'OPSDECK_DIRECTORY_TOKEN'] : [],
    })),
    previewList: os.accounts.previewList.handler(() => ({
      rows: [
        { line: 1, email: 'ny@example.com', name: 'Ny Kund', plan: 'Bas', problem: null },
        { line: 2, email: 'ny@example.com', name: 'Ny Kund', plan: 'Bas', problem: 'twice' as const },
        { line: 3, email: 'inte-en-adress', name: 'Fel', plan: 'Bas', problem: 'email_invalid' as const },
      ],
      ...{ ready: 1, problems: 2, unreadable: null },
    })),
    startList: os.accounts.startList.handler(() => {
      void runList(hub.tell);
      return { started: true, total: 40 };
    }),
    cancelList: os.accounts.cancelList.handler(() => ({ cancelled: false })),
    exportResults: os.accounts.exportResults.handler(() => ({
      ...{ path: '/home/anna/Dokument/konton-resultat.csv', rows: 40 },
    })),
    listState: os.accounts.listState.handler(() => null),
    listProgress: os.accounts.listProgress.handler(async function* () {
      yield* hub.listen();
    }),
  };
  const listed = isEmpty ? [] : Array.from({ length: scenario === 'three' ? 3 : 12 }, (_, n) => makeTask(n));
  const tasks = {
    list: os.tasks.list.handler(() =>
      answer(() => ({
        counts: {
          waiting: listed.filter(({ state }) => state === 'waiting').length,
          running: listed.filter(({ state }) => state === 'running').length,
          failed: listed.filter(({ state }) => state === 'failed').length,
          parked: listed.filter(({ state }) => state === 'parked').length,
        },
        tasks: listed,
        causes: isEmpty
          ? []
          : [
              {
                ...{ cause: 'UPSTREAM_FAILED' as const, failed: 0, parked: 1, latest_at: ago(60) },
                message: 'The account directory failed with 503. Try again.',
              },
            ],
        ...{ done_lately: 40, done_at: isEmpty ? null : ago(-95), runners: 2 },
        queue: { label: 'db.example.com/opsdeck', separate: false, message: null },
      })),
    ),
    retry: os.tasks.retry.handler(() => ({ retried: 1 })),
    rehearse: os.tasks.rehearse.handler(({ input }) => {
      const path = { asked: input.requests, created: input.requests, skipped: input.requests };
      const whole = { ...path, refused: 0, failed: 0, in_directory: input.requests, took_ms: 812 };
      return { requests: input.requests, queue: whole, direct: whole, equal: true };
    }),
  };
  const modes = {
    get: os.mode.get.handler(() => answer(view)),
    set: os.mode.set.handler(({ input }) => {
      mode = input.mode;
      return view();
    }),
  };
  return { accounts, tasks, mode: modes };
}
