import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/main/clock.ts';
import { resolveDuplicate } from '../../../src/main/deals/resolve-duplicate.ts';
import { OpsdeckError } from '../../../src/main/errors.ts';
import { openDatabase, type Database } from '../../../src/main/storage/postgres.ts';
import { verifyAudit } from '../../../src/main/system/audit.ts';
import { startControlledPostgres, type ControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { startTcpProxy, type CommitFault } from '../support/tcp-proxy.ts';

/** Of the commits that are asked for at once. */
const atOnce = 4;
/** One in this many rounds is a person's decision, the rest are bare transactions. */
const decisionEvery = 5;

/** PG-7: the way to or from COMMIT breaks, so that nobody knows whether it happened. */
export const unknownCommit: FaultCase = {
  name: 'PG-7',
  promise:
    'A COMMIT whose answer is lost is told as unknown and never repeated by itself: what was said to be done is there, nothing is there twice, a decision asked for again is made once.',
  run: (run) => withLossyWay(run, commitOnce),
  mutant: { naive: 'a caller that repeats whatever failed', run: (run) => withLossyWay(run, repeatAnything) },
};

async function withLossyWay(
  run: FaultRun,
  commits: (run: FaultRun, database: Database, server: ControlledPostgres) => Promise<void>,
): Promise<void> {
  const server = await startControlledPostgres();
  const proxy = await startTcpProxy(server.port);
  const database = openDatabase({
    url: proxy.through(server.url),
    applicationName: 'faults commit',
    maxConnections: atOnce,
  });
  try {
    await database.query('create table written (id uuid)');
    proxy.onCommit(() => {
      if (run.random.chance(0.4)) return null;
      const fault: CommitFault = run.random.chance(0.5) ? 'lost' : 'answer-lost';
      run.injected(`COMMIT ${fault}`);
      return fault;
    });
    await commits(run, database, server);
  } finally {
    await database.close();
    await proxy.close();
    await server.close();
  }
}

async function commitOnce(run: FaultRun, database: Database, server: ControlledPostgres): Promise<void> {
  const told: { id: string; done: boolean }[] = [];
  let left = Math.ceil(run.rounds * (1 - 1 / decisionEvery));
  const write = async () => {
    while (left-- > 0) {
      const id = randomUUID();
      const done = await database
        .transaction((tx) => tx.query('insert into written values ($1)', [id]))
        .then(() => true, expectAway(run));
      told.push({ id, done });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, write));
  await decideAll(run, database, server, Math.floor(run.rounds / decisionEvery));
  const found = await server.onOffice<{ id: string; times: number }>(
    'select id, count(*)::int as times from written group by id',
  );
  const times = new Map(found.map((row) => [row.id, row.times]));
  for (const { id, done } of told) {
    const count = times.get(id) ?? 0;
    if (done && count === 0) run.violated('a write that was told as done is not there');
    if (count > 1) run.violated(`a write is there ${count} times`);
  }
  run.measured('told as unknown, though done', told.filter(({ id, done }) => !done && times.has(id)).length);
  const direct = openDatabase({ url: server.url, applicationName: 'faults look' });
  // On a machine with other work a connection of our own may be given up once: that is no finding.
  const look = () => verifyAudit(direct);
  const audit = await look().catch(look);
  if (!audit.ok) run.violated('the audit log is broken');
  await direct.close();
}

function expectAway(run: FaultRun): (error: unknown) => false {
  return (error) => {
    if (!(error instanceof OpsdeckError && error.code === 'DATABASE_AWAY'))
      run.violated(`told as ${String(error)}`);
    return false;
  };
}

/** Cases without an existing deal, each approved until it is told as done, by somebody. */
async function decideAll(
  run: FaultRun,
  database: Database,
  server: ControlledPostgres,
  count: number,
): Promise<void> {
  const added = await server.onOffice<{ id: number }>(
    `insert into pending_duplicates (lead_id, new_user_id, new_order_date, new_multi_deals, new_status, new_data, state_key, reasons, detected_at)
     select 'lead ' || n, 1, now(), 1, 'success', '{}', 'key ' || n, '{agent}', now() from generate_series(1, $1::int) n returning id::int`,
    [count],
  );
  const deps = {
    database,
    clock: systemClock(),
    timeZone: 'Europe/Stockholm',
    actor: 'anna',
    console: 'faults',
  };
  for (const { id } of added) {
    for (let attempt = 1; ; attempt++) {
      const code = await resolveDuplicate(deps, { id, version: 1, action: 'approve' }).then(
        () => null,
        (error: unknown) => (error instanceof OpsdeckError ? error.code : String(error)),
      );
      if (code === null || code === 'CONFLICT') break;
      if (code !== 'DATABASE_AWAY') run.violated(`a decision failed with ${code}`);
      if (attempt > 50) return run.violated('a decision never came through');
    }
  }
  const found = await server.onOffice<{ state: string; deals: number; entries: number }>(
    `select p.status as state, (select count(*)::int from deals d where d.lead_id = p.lead_id) as deals,
            (select count(*)::int from audit_log a where a.target = 'duplicate:' || p.id) as entries
       from pending_duplicates p`,
  );
  for (const row of found) {
    if (row.state !== 'resolved' || row.deals !== 1 || row.entries !== 1) {
      run.violated(`a decided case is ${row.state} with ${row.deals} deals and ${row.entries} audit entries`);
    }
  }
  run.measured('cases decided', found.length);
}

/** Takes every failure for "it did not happen". */
async function repeatAnything(run: FaultRun, database: Database, server: ControlledPostgres): Promise<void> {
  for (let round = 0; round < run.rounds; round++) {
    const id = randomUUID();
    for (let done = false; !done;) {
      done = await database
        .transaction((tx) => tx.query('insert into written values ($1)', [id]))
        .then(
          () => true,
          () => false,
        );
    }
  }
  const found = await server.onOffice('select id from written group by id having count(*) > 1');
  if (found.length > 0) run.violated(`${found.length} writes are there more than once`);
}
