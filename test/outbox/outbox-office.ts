import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/main/clock.ts';
import { OpsdeckError } from '../../src/main/errors.ts';
import { findSent, giveUpDecision, sendDecision } from '../../src/main/deals/send-decision.ts';
import type { DecisionPayload } from '../../src/main/outbox/kept-decision.ts';
import { createOutbox, type Outbox } from '../../src/main/outbox/outbox.ts';
import { sendRound, type SendTo } from '../../src/main/outbox/send-outbox.ts';
import { shareDurableFile } from '../../src/main/storage/durable-file.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { silentLog } from '../deals/pass-office.ts';

export const databaseId = 'a database';
export const zone = 'Europe/Stockholm';
export const noon = new Date('2026-11-16T11:00:00Z');
export const clock = { ...systemClock(), now: () => noon };

/** What happens to a decision on its way: nothing, its answer is lost, it is rolled back, or nothing gets through. */
export type Fault = 'none' | 'lost' | 'rollback' | 'away';

/** A database in which each transaction meets the next fault of a list. */
export function faulty(database: Database, faults: Fault[]): Database {
  const away = () => new OpsdeckError('DATABASE_AWAY', 'The database does not answer.');
  let isAway = false;
  return {
    ...database,
    query: (sql, values) => (isAway ? Promise.reject(away()) : database.query(sql, values)),
    async transaction(work, options) {
      const fault = faults.shift() ?? 'none';
      isAway = fault === 'away';
      if (isAway) throw away();
      const done = await database.transaction(async (tx) => {
        const result = await work(tx);
        if (fault === 'rollback') throw away();
        return result;
      }, options);
      if (fault === 'lost') throw away();
      return done;
    },
  };
}

/** The database as a console sends to it. */
export function sendTo(database: Database): SendTo {
  return {
    databaseId,
    send: (decisionId, { actor, console, kind: _kind, seen: _seen, ...choice }) =>
      sendDecision({ database, clock, timeZone: zone, actor, console }, decisionId, choice),
    find: (decisionId) => findSent(database, decisionId),
    giveUp: (decisionId, caseId) => giveUpDecision(database, decisionId, caseId),
  };
}

/** One console's outbox on a file of its own. */
export function openOutbox(path = join(mkdtempSync(join(tmpdir(), 'opsdeck-outbox-')), 'durable.sqlite')) {
  const durable = shareDurableFile(path, { wall: () => Date.now(), onDamage: () => {} });
  return { path, durable, outbox: createOutbox(durable, clock) };
}

/** One round of sending; answers what it said, and what a person was told. */
export async function round(outbox: Outbox, target: SendTo) {
  const told: string[] = [];
  const parts = { outbox, clock, log: silentLog, random: () => 0.5, target: () => target };
  const ended = await sendRound({ ...parts, tell: (text) => told.push(text) }, new AbortController().signal);
  return { ended, told };
}

export function decision(
  on: { id: number; version: number },
  action: DecisionPayload['action'] = 'reject',
  actor = 'anna',
): DecisionPayload {
  return {
    kind: 'decision',
    id: on.id,
    version: on.version,
    action,
    actor,
    console: 'console 1@north',
    seen: null,
  };
}

/** Opens `count` cases, each of a lead of its own whose deal went to another agent. */
export async function openCases(
  database: Database,
  count: number,
): Promise<{ id: number; version: number }[]> {
  const rows = await database.query<{ id: number; version: number }>(
    `with lead as (select 'L' || nextval('outbox_leads') as id from generate_series(1, $1)),
          deal as (
            insert into deals (lead_id, user_id, commission, multi_deals, order_date, order_date_source, status, notes,
                               upstream_updated_at, synced_at, created_at)
            select id, 1, 100, 1, $2, 'instant', 'success', '{}', $2, $2, $2 from lead returning id, lead_id)
     insert into pending_duplicates (lead_id, new_user_id, new_commission, new_order_date, new_multi_deals, new_status,
                                     new_data, state_key, reasons, existing_deal_id, detected_at, updated_at)
     select lead_id, 2, 250, $2, 1, 'success', '{"orderDate":"x","orderDateSource":"instant","notes":[]}', 'key',
            '{agent}', id, $2, $2
       from deal order by id
     returning id, version`,
    [count, noon],
  );
  return rows.rows;
}

export const makeLeads = (database: Database) => database.query('create sequence if not exists outbox_leads');
