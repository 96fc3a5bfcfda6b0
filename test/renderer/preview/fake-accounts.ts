import { implement } from '@orpc/server';
import type { Account, ListProgress } from '../../../src/shared/contract/accounts.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { SystemMode } from '../../../src/shared/contract/mode.ts';
import type { Task } from '../../../src/shared/contract/tasks.ts';
import { createHub } from './hub.ts';
import { ago, type Scenario } from './scenarios.ts';

const names = ['Karin Holm', 'Johan Ek', 'Sara Lind', 'Omar Haddad', 'Elin Åberg', 'Nils Öst'];
const plans = ['Bas', 'Team', 'Företag'];
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function makeAccount(index: number): Account {
  const name = names[index % names.length]!;
  const email = `${name.toLowerCase().replace(/[^a-z]+/g, '.')}${index}@example.com`;
  return {
    ...{ id: 900 - index, email, name, plan: plans[index % 3]!, request_key: `account-${index}` },
    ...{ directory_id: uuid(index), created_at: ago(index * 4_200), created_by: 'anna' },
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

/** Mode, accounts and tasks of one scenario. */
export function createFakeAccounts(scenario: Scenario) {
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
    add: os.accounts.add.handler(({ input }) => ({
      ...{ success: true as const, result: 'queued' as const, email: input.email, key: 'account-1' },
      ...{ reason: null, path: 'queue' as const },
    })),
    list: os.accounts.list.handler(({ input }) => ({
      accounts: Array.from({ length: Math.min(input.limit, Math.max(0, many - input.offset)) }, (_, n) =>
        makeAccount(n + input.offset),
      ),
      count: many,
    })),
    requests: os.accounts.requests.handler(() => ({
      ...{ requests: [], count: 0, configured: scenario !== 'first' },
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
    startList: os.accounts.startList.handler(() => ({ started: true, total: 1 })),
    cancelList: os.accounts.cancelList.handler(() => ({ cancelled: false })),
    listState: os.accounts.listState.handler(() => null),
    listProgress: os.accounts.listProgress.handler(async function* () {
      yield* hub.listen();
    }),
  };
  const listed = isEmpty ? [] : Array.from({ length: scenario === 'three' ? 3 : 12 }, (_, n) => makeTask(n));
  const tasks = {
    list: os.tasks.list.handler(() => ({
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
    retry: os.tasks.retry.handler(() => ({ retried: 1 })),
    rehearse: os.tasks.rehearse.handler(({ input }) => {
      const path = { asked: input.requests, created: input.requests, skipped: input.requests };
      const whole = { ...path, refused: 0, failed: 0, in_directory: input.requests, took_ms: 812 };
      return { requests: input.requests, queue: whole, direct: whole, equal: true };
    }),
  };
  const modes = {
    get: os.mode.get.handler(view),
    set: os.mode.set.handler(({ input }) => {
      mode = input.mode;
      return view();
    }),
  };
  return { accounts, tasks, mode: modes };
}
