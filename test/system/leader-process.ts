// A process of its own that leads until it is killed.
import { systemClock } from '../../src/main/clock.ts';
import { openDatabase } from '../../src/main/storage/postgres.ts';
import { startLeader } from '../../src/main/system/leader.ts';

const [url, processId] = process.argv.slice(2) as [string, string];
const database = openDatabase({ url, applicationName: 'leader' });
startLeader(
  { database, clock: systemClock(), processId, ttlMs: 2_000, renewMs: 500, marginMs: 200 },
  { onChange: (state) => console.log(state.kind) },
);
