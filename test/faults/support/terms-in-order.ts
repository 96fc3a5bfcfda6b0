import type { ControlledPostgres } from './controlled-postgres.ts';
import type { FaultRun } from './fault-case.ts';

/** Of passes by schedule nothing of an earlier term was committed after one of a later term. */
export async function judgeTerms(run: FaultRun, server: ControlledPostgres): Promise<void> {
  const effects = await server.onOffice<{ term: number | null }>(
    `select r.term::int from change_log c
       join sync_runs r on r.id = case c.kind when 'deals' then (c.data->>'runId')::bigint
                                              when 'run' then case c.data->>'state' when 'running' then (c.data->>'id')::bigint end end
      where c.kind in ('deals', 'run') order by c.seq`,
  );
  run.measured('effects with a term', effects.length);
  effects.reduce((highest, { term }) => {
    if (term === null) run.violated('a pass by schedule has no term');
    else if (term < highest)
      run.violated(`an effect of term ${term} was committed after one of term ${highest}`);
    return Math.max(highest, term ?? 0);
  }, 0);
}
