import type { KeptDecision, KeptOutcome } from '../../../src/shared/contract/outbox.ts';
import { makeDuplicate } from './make-duplicates.ts';
import { ago, type Scenario } from './scenarios.ts';

const none = { message: '', by: null, resolution: null, at: null, version: 2, now: null };

/** What a console kept while the database was away: one of each kind, where the scenario is that. */
export function makeKept(scenario: Scenario): KeptDecision[] {
  if (scenario !== 'away') return [];
  const row = (index: number, state: KeptDecision['state'], outcome: KeptOutcome | null): KeptDecision => ({
    decision_id: `00000000-0000-4000-8000-00000000000${index}`,
    duplicate_id: index + 1,
    action: (['approve', 'replace', 'merge', 'reject'] as const)[index % 4]!,
    fields: null,
    note: null,
    actor: 'anna',
    made_at: ago(600 * (index + 1)),
    state,
    tries: 0,
    settled_at: state === 'waiting' ? null : ago(60),
    outcome,
    seen: state === 'damaged' ? null : makeDuplicate(index, scenario),
    elsewhere: false,
    again: outcome?.kind === 'restored' && outcome.version !== null,
  });
  const erik = { by: 'erik', resolution: 'merged' as const, at: ago(900) };
  return [
    row(0, 'waiting', null),
    row(1, 'waiting', null),
    row(2, 'returned', { ...none, ...erik, kind: 'decided' }),
    row(3, 'returned', { ...none, kind: 'changed' }),
    row(4, 'applied', { ...none, kind: 'done' }),
    row(5, 'applied', { ...none, ...erik, kind: 'same' }),
    row(6, 'rejected', { ...none, kind: 'failed', message: 'relation "deals" does not exist' }),
    row(7, 'damaged', null),
    row(8, 'returned', { ...none, kind: 'restored' }),
    row(9, 'returned', { ...none, kind: 'restored', version: null }),
  ];
}
