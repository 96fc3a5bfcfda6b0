// A second console of a bench, as a process of its own: follows the changes of a database into a today cache, and writes
// each lead with the instant (ms of the machine's clock) at which a listener had it on its board.
import { performance } from 'node:perf_hooks';
import { systemClock } from '../../../src/main/clock.ts';
import { TodayCache } from '../../../src/main/deals/today-cache.ts';
import { openDatabase } from '../../../src/main/storage/postgres.ts';
import { currentSeq, followChanges } from '../../../src/main/system/change-log.ts';
import { benchNow, benchSettings } from './bench-pass.ts';

const database = openDatabase({ url: process.argv[2]!, applicationName: 'opsdeck bench second' });
const clock = { ...systemClock(), now: () => benchNow };
const cache = new TodayCache({ database, clock, timeZone: () => benchSettings.timeZone });
const seen = new Set<string>();
const after = await currentSeq(database);
await cache.load(after);
followChanges({
  ...{ database, clock, after },
  onState: (state) => state === 'live' && process.stdout.write('live\n'),
  async onChanges(changes) {
    await cache.follow(changes);
    const at = performance.timeOrigin + performance.now();
    for (const { lead_id: lead } of cache.today().feed) {
      if (seen.has(lead)) continue;
      seen.add(lead);
      process.stdout.write(`${lead} ${at}\n`);
    }
  },
});
