import type { SyncSource } from '../../shared/contract/sync.ts';
import type { Database } from '../storage/postgres.ts';
import { lastRun } from '../system/sync-runs.ts';
import { planPasses, type PassPlan } from './plan-passes.ts';

/** The plan for what the last complete passes took, which is what the next ones will cost. */
export async function readPassPlan(database: Database, deltaSeconds: number): Promise<PassPlan> {
  const pages = async (source: SyncSource, kind: 'delta' | 'window') => {
    const last = await lastRun(database, source, [kind], ['complete']);
    return Math.max(last?.pages ?? 1, 1);
  };
  const [dealPages, smsPages, dealsDelta, smsDelta] = await Promise.all([
    pages('deals', 'window'),
    pages('sms', 'window'),
    pages('deals', 'delta'),
    pages('sms', 'delta'),
  ]);
  return planPasses({
    dealPages,
    smsPages,
    dealsDeltaPages: dealsDelta,
    smsDeltaPages: smsDelta,
    deltaSeconds,
  });
}
