import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDurableFile } from '../../src/main/storage/durable-file.ts';
import { createPlingLedger } from '../../src/main/wall/pling-ledger-store.ts';
import { createMemoryLedger, type PlingLedger } from '../../src/main/wall/pling-ledger.ts';
import { wallDeal } from './wall-deals.ts';

const path = () => join(mkdtempSync(join(tmpdir(), 'opsdeck-ledger-')), 'durable.sqlite');
const open = (place: string) => createPlingLedger(openDurableFile(place, 0).sqlite);
const at = new Date('2026-11-22T10:00:00Z');

it('knows a deal by its order, by its row, on its wall, and after a restart', () => {
  const place = path();
  const first = open(place);
  first.record('office', [wallDeal({ id: 1 })], 'pling', at);
  first.close();
  const ledger = open(place);
  expect(ledger.knows('office', wallDeal({ id: 1 }))).toBe(true);
  expect(ledger.knows('elsewhere', wallDeal({ id: 1 }))).toBe(false);
  // Decided anew after an undo: another row of the same order.
  const { leadId, userId, orderDate } = wallDeal({ id: 1 });
  expect(ledger.knows('office', wallDeal({ id: 77, leadId, userId, orderDate }))).toBe(true);
  // The same row, its order date mended or merged.
  expect(ledger.knows('office', wallDeal({ id: 1, orderDate: at }))).toBe(true);
  // Approved: another row, another agent.
  expect(ledger.knows('office', wallDeal({ id: 78, leadId, userId: userId + 1, orderDate }))).toBe(false);
  // Another database may have a row of the same number.
  expect(ledger.knows('office', wallDeal({ id: 1, leadId: 'other', orderDate: at }))).toBe(false);
  ledger.close();
});

it('remembers when a wall was attended to, and forgets old deals', () => {
  const ledger = open(path());
  expect(ledger.attendedAt('office')).toBeNull();
  ledger.attend('office', at);
  ledger.attend('office', new Date(at.getTime() + 1_000));
  expect(ledger.attendedAt('office')).toEqual(new Date(at.getTime() + 1_000));
  ledger.record('office', [wallDeal({ id: 1 }), wallDeal({ id: 500 })], 'burst', at);
  ledger.prune(wallDeal({ id: 100 }).orderDate);
  expect([1, 500].map((id) => ledger.knows('office', wallDeal({ id })))).toEqual([false, true]);
  ledger.close();
});

it('of the file and of the memory answer alike', () => {
  const deal = fc
    .record({
      id: fc.integer({ min: 1, max: 6 }),
      lead: fc.integer({ min: 1, max: 3 }),
      minute: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ id, lead, minute }) =>
      wallDeal({
        id,
        leadId: `lead ${lead}`,
        userId: 1,
        orderDate: new Date(at.getTime() + minute * 60_000),
      }),
    );
  const wall = fc.constantFrom('a', 'b');
  const step = fc.oneof(
    fc.tuple(fc.constant('record' as const), wall, fc.array(deal, { maxLength: 3 })),
    fc.tuple(fc.constant('knows' as const), wall, deal),
    fc.tuple(fc.constant('attend' as const), wall, fc.integer({ min: 0, max: 9 })),
  );
  const run = (
    ledger: PlingLedger,
    [kind, name, given]: typeof step extends fc.Arbitrary<infer S> ? S : never,
  ) => {
    if (kind === 'record') ledger.record(name, given, 'pling', at);
    else if (kind === 'knows') return ledger.knows(name, given);
    else ledger.attend(name, new Date(given));
    return ledger.attendedAt(name)?.getTime();
  };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const file = open(':memory:');
      const memory = createMemoryLedger();
      for (const one of steps) expect(run(memory, one)).toEqual(run(file, one));
      file.close();
    }),
    { numRuns: 200 },
  );
});
