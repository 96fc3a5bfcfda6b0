// A process of its own for call-budget.test.ts: calls the vendor as often as the shared budget lets it.
import { systemClock } from '../../src/main/clock.ts';
import { openDatabase } from '../../src/main/storage/postgres.ts';
import { createCallBudget, type CallLimits } from '../../src/main/upstream/call-budget.ts';

const [databaseUrl, vendorUrl, limits, calls, timeoutMs] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const database = openDatabase({ url: databaseUrl, applicationName: 'budget worker', maxConnections: 3 });
const budget = createCallBudget({
  database,
  clock: systemClock(),
  account: 'test',
  limits: JSON.parse(limits) as CallLimits,
  pollMs: 20,
});

async function callOnce(): Promise<void> {
  await budget.call(
    'test',
    async (signal) => {
      const response = await fetch(vendorUrl, { signal });
      return { status: response.status, value: await response.text() };
    },
    { timeoutMs: Number(timeoutMs), maxWaitMs: 60_000, priority: 'person' },
  );
  process.stdout.write('.');
}

await Promise.all(Array.from({ length: Number(calls) }, callOnce));
await database.close();
