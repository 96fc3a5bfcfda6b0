// A process of its own that asks for the lease and, while it leads, writes effects with its term, until it is killed.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/main/clock.ts';
import { openDatabase, type Transaction } from '../../../src/main/storage/postgres.ts';
import { appendChange } from '../../../src/main/system/change-log.ts';
import { startLeader } from '../../../src/main/system/leader.ts';
import { withPermit } from '../../../src/main/system/permits.ts';

const [url, processId, kind] = process.argv.slice(2) as [string, string, 'fenced' | 'naive'];
const clock = systemClock();
const database = openDatabase({ url, applicationName: `faults ${processId}` });
const leader = startLeader(
  {
    database: { ...database, query: database.vital.query },
    clock,
    processId,
    ...{ ttlMs: 2_000, renewMs: 500, marginMs: 200 },
  },
  { onChange: () => {} },
);
const permits = { database, clock, processId, holder: processId, ttlMs: 3_000, renewMs: 800 };

for (;;) {
  const term = leader.term();
  if (term === null) await sleep(50);
  else {
    const source = `source ${Math.floor(Math.random() * 3)}`;
    await pass(source, term).catch(() => {});
  }
}

/** Asked once whether it leads, like a pass by schedule; what comes after takes its time. */
async function pass(source: string, term: number): Promise<void> {
  const write = async (tx: Transaction) => {
    const seq = await appendChange(tx, 'agents', {});
    await tx.query('insert into effects (seq, term, process_id, source) values ($1, $2, $3, $4)', [
      ...[seq, term, processId, source],
    ]);
  };
  const read = () => sleep(Math.random() * 250);
  if (kind === 'naive') {
    await read();
    await database.transaction(write, { idleTimeoutMs: 700 });
    return;
  }
  await withPermit(permits, source, { waitMs: 4_000, term }, async (permit) => {
    await read();
    await permit.transaction(write, { idleTimeoutMs: 700 });
  });
}
