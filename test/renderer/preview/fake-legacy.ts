import { implement } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { LegacyCounts, LegacyEvent } from '../../../src/shared/contract/legacy.ts';
import { createHub } from './hub.ts';
import { ago } from './scenarios.ts';

const counts: LegacyCounts = {
  deals: { read: 5_212, inserted: 4_980, known: 180, conflicts: 23, rejected: 29 },
  sms: { read: 31_004, inserted: 30_770, known: 204, rejected: 30 },
  conflicts: Array.from({ length: 23 }, (_, n) => ({
    lead_id: String(4_413_000 + n),
    order_date: ago(900_000 + n * 4_000),
    why: (['other-content', 'removed-since', 'twice-in-file'] as const)[n % 3]!,
  })),
  rejects: {
    deals: [
      { reason: 'commission', count: 28, examples: [{ key: '4412001', detail: 'string(9)' }] },
      { reason: 'too-long', count: 1, examples: [{ key: null, detail: null }] },
    ],
    sms: [{ reason: 'receiver', count: 30, examples: [{ key: '881', detail: 'string(3)' }] }],
  },
  missing: [],
};

/** An import of the old server that finds something of everything. */
export function createFakeLegacy() {
  const os = implement(consoleContract).legacy;
  const hub = createHub<LegacyEvent>();
  let folder: string | null = null;
  let running: LegacyEvent | null = null;
  let last: LegacyEvent | null = null;
  let stopped = false;
  const view = () => ({ folder, copies: '/home/anna/.config/opsdeck/legacy-copies', running, last });

  async function run(dryRun: boolean): Promise<void> {
    const total = 18_400_000;
    for (let step = 0; step <= 20 && !stopped; step++) {
      const base = { total, records: step * 1_800, dry_run: dryRun };
      running = { ...base, stage: step < 19 ? 'reading' : 'applying', bytes: (total / 20) * step };
      hub.tell(running);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    running = null;
    const outcome = stopped ? 'cancelled' : 'done';
    last = { stage: 'ended', dry_run: dryRun, outcome, message: null, counts: stopped ? null : counts };
    stopped = false;
    hub.tell(last);
  }

  return {
    view: os.view.handler(view),
    choose: os.choose.handler(() => {
      folder = '/srv/gamla-servern/cache';
      return view();
    }),
    start: os.start.handler(({ input }) => {
      void run(input.dry_run);
      return { started: true };
    }),
    cancel: os.cancel.handler(() => ({ cancelled: (stopped = running !== null) })),
    progress: os.progress.handler(async function* () {
      yield* hub.listen();
    }),
  };
}
