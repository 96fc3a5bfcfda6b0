// A process of its own that writes under a permit, to be frozen by the test in the middle of its transaction.
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/main/clock.ts';
import { openDatabase, type Transaction } from '../../src/main/storage/postgres.ts';
import { withPermit } from '../../src/main/system/permits.ts';

const [url, kind] = process.argv.slice(2) as [string, 'permit' | 'naive'];
const database = openDatabase({ url, applicationName: 'permit holder' });
const clock = systemClock();

async function write(tx: Transaction) {
  await tx.query(`insert into probe (who) values ('frozen')`);
  console.log('open');
  await clock.sleep(500);
}

try {
  await withPermit(
    { database, clock, processId: randomUUID(), holder: 'the frozen one', ttlMs: 1_200, renewMs: 300 },
    'deals',
    { waitMs: 0 },
    // The naive one trusts the permit it was once given, and does not look again before COMMIT.
    (permit) => (kind === 'permit' ? permit.transaction(write) : database.transaction(write)),
  );
  console.log('committed');
} catch (error) {
  console.log((error as { code?: string }).code ?? String(error));
}
await database.close();
