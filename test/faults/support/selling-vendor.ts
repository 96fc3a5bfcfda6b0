import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../../../src/main/sandbox/start-sandbox.ts';
import type { ControlledPostgres } from './controlled-postgres.ts';
import type { FaultRun } from './fault-case.ts';
import { until } from './until.ts';

/** The vendor gets a deal every second or so, until told to stop; answers what there is, by lead with its commission. */
export async function sell(vendor: Sandbox, stop: AbortSignal): Promise<Map<string, number>> {
  const sold = new Map<string, number>();
  while (!stop.aborted) {
    const commission = 100 + sold.size;
    sold.set(String(vendor.adversus.state.addLead({ commission: String(commission) }).id), commission);
    await sleep(700, null, { signal: stop }).catch(() => {});
  }
  return sold;
}

/** What the vendor has is there, once, as it is. */
export async function compareDeals(
  run: FaultRun,
  server: ControlledPostgres,
  sold: ReadonlyMap<string, number>,
): Promise<void> {
  const read = () =>
    server.onOffice<{ lead_id: string; commission: string }>(
      `select lead_id, commission from deals where lead_id !~ '^L'`,
    );
  const took = await until(async () => (await read()).length >= sold.size, 90_000);
  const rows = await read();
  if (took === null) run.violated(`${rows.length} of ${sold.size} deals are there`);
  else run.measured('last deal seen after', took);
  run.measured('deals', sold.size);
  if (new Set(rows.map((row) => row.lead_id)).size !== rows.length) run.violated('a deal is there twice');
  for (const { lead_id: lead, commission } of rows) {
    if (Number(commission) !== sold.get(lead)) run.violated(`deal ${lead} has commission ${commission}`);
  }
}
