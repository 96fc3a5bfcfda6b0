// A process of its own for main-lag.bench.ts: the sandbox's vendor with so many deals in the window, without limits.
import { windowRange } from '../../../src/shared/business-day.ts';
import { startAdversus } from '../../../src/main/sandbox/adversus/start-adversus.ts';
import { createSandboxClock } from '../../../src/main/sandbox/sandbox-clock.ts';

const [deals, now, timeZone] = process.argv.slice(2) as [string, string, string];
const vendor = await startAdversus({
  office: 'empty',
  limits: 'off',
  clock: createSandboxClock({ start: now, speed: 0 }),
});
const { start } = windowRange(new Date(now), timeZone);
const spanMs = Date.parse(now) - start.getTime() - 3_600_000;
vendor.state.addLeads(Number(deals), (n) => {
  const at = start.getTime() + Math.floor((spanMs * n) / Number(deals) / 1_000) * 1_000;
  return { updatedAt: at, orderDate: new Date(at) };
});
process.on('disconnect', () => process.exit());
process.send?.(vendor.url);
