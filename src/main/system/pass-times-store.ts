import type { Queryable } from '../storage/postgres.ts';

export interface PassSpread {
  source: string;
  kind: string;
  count: number;
  median_ms: number;
  high_ms: number;
  max_ms: number;
}

/** How long the passes of the last day took that read to their end, in every process. */
export async function passTimesOfDay(db: Queryable): Promise<PassSpread[]> {
  const found = await db.query<PassSpread>(
    `select source, kind, count(*)::int as count,
            percentile_cont(0.5) within group (order by took) as median_ms,
            percentile_cont(0.95) within group (order by took) as high_ms,
            max(took) as max_ms
       from (select source, kind, (extract(epoch from ended_at - started_at) * 1000)::float8 as took
               from sync_runs
              where state in ('complete', 'incomplete') and ended_at >= started_at
                and started_at > clock_timestamp() - interval '1 day') as passes
      group by source, kind
      order by source, kind`,
  );
  return found.rows;
}
