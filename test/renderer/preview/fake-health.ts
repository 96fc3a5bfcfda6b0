import { implement } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { HealthEventView, HealthQuestion, IncidentView } from '../../../src/shared/contract/health.ts';
import { ago, type Scenario } from './scenarios.ts';

type Made = Pick<HealthEventView, 'event_type' | 'message' | 'metadata' | 'incident' | 'solved' | 'alert'>;

const shown = { result: 'shown', why: null } as const;
const made: readonly Made[] = [
  {
    event_type: 'INFO',
    message: 'The database answers reception again.',
    metadata: { kind: 'database-away', subject: 'reception', solved: true },
    incident: 'database-away:reception',
    solved: true,
    alert: shown,
  },
  {
    event_type: 'ERROR',
    message: 'The database does not answer reception.',
    metadata: { kind: 'database-away', subject: 'reception' },
    incident: 'database-away:reception',
    solved: false,
    alert: shown,
  },
  {
    event_type: 'CRITICAL',
    message: '124 of 312 deals would be removed; held for a person',
    metadata: { kind: 'removals-held', holdId: 4, reason: 'share', count: 124, ofDeals: 312 },
    incident: 'removals-held',
    solved: false,
    alert: shown,
  },
  {
    event_type: 'WARNING',
    message: '41 of 1000 calls to Adversus are left this hour; about 1180 would be used at this pace.',
    metadata: { kind: 'budget-low', subject: 'Adversus', left: 41, perHour: 1000, forecast: 1180 },
    incident: 'budget-low:Adversus',
    solved: false,
    alert: { result: 'withheld', why: 'quiet' },
  },
  {
    event_type: 'SWITCH',
    message: 'anna switched the mode from async_queue to sync_direct',
    metadata: { kind: 'mode', from: 'async_queue', to: 'sync_direct', actor: 'anna' },
    incident: null,
    solved: false,
    alert: { result: 'summarised', why: null },
  },
  {
    event_type: 'INFO',
    message: 'The daily backup works again.',
    metadata: { folder: '/home/anna/.local/share/opsdeck/backups' },
    incident: null,
    solved: false,
    alert: null,
  },
];

/** A timeline of 0, 3 or 10 000 events, or an ordinary office's. */
export function createFakeHealth(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract);
  const count = scenario === 'empty' ? 0 : scenario === 'three' ? 3 : scenario === 'many' ? 10_000 : 40;
  const events = Array.from({ length: count }, (_, i): HealthEventView => {
    const one = made[i % made.length] ?? made[0]!;
    const message = scenario === 'long' ? `${one.message} ${one.message} ${one.message}` : one.message;
    const created_at = ago(40 + i * 731);
    const id = scenario === 'away' && i < 2 ? null : count - i;
    return { ...one, message, id, key: `event-${count - i}`, created_at };
  });
  const incidents = Array.from({ length: Math.floor(count / 3) }, (_, i): IncidentView => {
    const one = made[1 + (i % 3)] ?? made[1]!;
    return {
      id: i + 1,
      incident: one.incident ?? '',
      kind: (one.incident ?? '').split(':')[0] ?? '',
      event_type: one.event_type,
      first_at: ago(5_000 + i * 9_000),
      last_at: ago(900 + i * 9_000),
      events: 1 + ((i * 7) % 40),
      message: one.message,
      solved_at: i < 2 ? null : ago(900 + i * 9_000),
    };
  });
  const fits = (row: { message: string; event_type: HealthEventView['event_type'] }, asked: HealthQuestion) =>
    row.message.toLowerCase().includes((asked.search ?? '').toLowerCase()) &&
    (!asked.types?.length || asked.types.includes(row.event_type));
  return {
    events: os.health.events.handler(({ input }) =>
      answer(() => {
        const found = events.filter((row) => fits(row, input));
        const page = found.slice(input.offset, input.offset + input.limit);
        return { events: page, count: found.length, total: events.length };
      }),
    ),
    incidents: os.health.incidents.handler(({ input }) =>
      answer(() => {
        const found = incidents.filter((row) => fits(row, input));
        return {
          incidents: found.slice(input.offset, input.offset + input.limit),
          count: found.length,
          total: incidents.length,
          open: incidents.filter(({ solved_at }) => solved_at === null).length,
        };
      }),
    ),
  };
}
