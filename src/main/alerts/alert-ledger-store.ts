import {
  alertKindName,
  alertResult,
  type AlertOutcome,
  type AlertResult,
} from '../../shared/contract/alerts.ts';
import type { Sqlite } from '../storage/sqlite.ts';
import type { AlertEvent } from './alert-event.ts';
import type { OpenIncident, Told } from './decide-alerts.ts';

/** How far a database's events were looked at: change log, health event, case. */
export interface AlertPlace {
  seq: number;
  eventId: number;
  duplicateId: number;
}

export interface RecordedAlert {
  event: Pick<AlertEvent, 'key' | 'incident' | 'kind'>;
  result: AlertResult;
  why: string | null;
}

/** What became of every event as a notification on this console, in the durable file. */
export interface AlertLedger {
  /** One transaction: results (the first of each event stands), and the incidents as they are now. */
  record(results: readonly RecordedAlert[], incidents: ReadonlyMap<string, OpenIncident>, at: Date): void;
  outcomes(keys: readonly string[]): Map<string, AlertOutcome>;
  incidents(): Map<string, OpenIncident>;
  place(databaseId: string): AlertPlace | null;
  keepPlace(databaseId: string, place: AlertPlace): void;
  /** Forgets results and incidents from before an instant. */
  prune(before: Date): void;
}

export function openAlertLedger(sqlite: Sqlite): AlertLedger {
  const insert = sqlite.prepare(
    `insert into alert_results (event_key, incident, kind, at, result, why) values (?, ?, ?, ?, ?, ?)
       on conflict do nothing`,
  );
  const put = sqlite.prepare(
    `insert into alert_incidents (incident, kind, last_at, told) values (?, ?, ?, ?)
       on conflict (incident) do update set last_at = excluded.last_at, told = excluded.told`,
  );
  const find = sqlite.prepare<[string], { result: string; why: string | null }>(
    'select result, why from alert_results where event_key = ?',
  );
  const record = sqlite.transaction((...[results, incidents, at]: Parameters<AlertLedger['record']>) => {
    for (const { event, result, why } of results)
      insert.run(event.key, event.incident, event.kind, at.toISOString(), result, why);
    sqlite.prepare('delete from alert_incidents').run();
    for (const [name, open] of incidents)
      put.run(name, open.kind, new Date(open.lastAt).toISOString(), open.told);
  });
  return {
    record,
    outcomes(keys) {
      const found = new Map<string, AlertOutcome>();
      for (const key of keys) {
        const row = find.get(key);
        const result = alertResult.safeParse(row?.result);
        if (row && result.success) found.set(key, { result: result.data, why: row.why });
      }
      return found;
    },
    incidents: () => readIncidents(sqlite),
    place(databaseId) {
      const row = sqlite
        .prepare<[string], { seq: number; event_id: number; duplicate_id: number }>(
          'select seq, event_id, duplicate_id from alert_places where database_id = ?',
        )
        .get(databaseId);
      return row ? { seq: row.seq, eventId: row.event_id, duplicateId: row.duplicate_id } : null;
    },
    keepPlace(databaseId, { seq, eventId, duplicateId }) {
      sqlite
        .prepare(
          `insert into alert_places (database_id, seq, event_id, duplicate_id) values (?, ?, ?, ?)
             on conflict (database_id) do update set seq = excluded.seq, event_id = excluded.event_id,
               duplicate_id = excluded.duplicate_id`,
        )
        .run(databaseId, seq, eventId, duplicateId);
    },
    prune(before) {
      sqlite.prepare('delete from alert_results where at < ?').run(before.toISOString());
      sqlite.prepare('delete from alert_incidents where last_at < ?').run(before.toISOString());
    },
  };
}

function readIncidents(sqlite: Sqlite): Map<string, OpenIncident> {
  const rows = sqlite
    .prepare<[], { incident: string; kind: string; last_at: string; told: number }>(
      'select incident, kind, last_at, told from alert_incidents',
    )
    .all();
  return new Map(
    rows.flatMap((row) => {
      const kind = alertKindName.safeParse(row.kind);
      const lastAt = Date.parse(row.last_at);
      if (!kind.success || Number.isNaN(lastAt)) return [];
      const told = ([0, 1, 2] as const).find((level) => level === row.told) ?? 0;
      return [[row.incident, { kind: kind.data, lastAt, told: told satisfies Told }] as const];
    }),
  );
}
