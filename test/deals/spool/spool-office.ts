import { randomUUID } from 'node:crypto';
import { officeDefaults } from '../../../src/shared/contract/settings.ts';
import { systemClock } from '../../../src/main/clock.ts';
import { drainSpool } from '../../../src/main/deals/spool/drain-spool.ts';
import { createSpool, type Spool } from '../../../src/main/deals/spool/spool.ts';
import type { SpooledPayload } from '../../../src/main/deals/spool/spooled-fact.ts';
import type { PassDeps } from '../../../src/main/deals/run-pass.ts';
import { shareDurableFile } from '../../../src/main/storage/durable-file.ts';
import type { Database } from '../../../src/main/storage/postgres.ts';
import { silentLog } from '../pass-office.ts';
import { noon, reading } from './spool-facts.ts';

const clock = { ...systemClock(), now: () => noon };

/** The spool of one process on a durable file. */
export function openSpool(path: string) {
  const durable = shareDurableFile(path, { wall: () => Date.now(), onDamage: () => {} });
  return { durable, spool: createSpool(durable, 'test', clock) };
}

/** A process that saves and calls nobody. */
export function drainDeps(database: Database): PassDeps {
  return {
    database,
    clock,
    log: silentLog,
    processId: randomUUID(),
    holder: 'spool test',
    readSettings: () => Promise.resolve(officeDefaults),
    connect() {
      throw new Error('draining calls nobody');
    },
  };
}

/** One round of saving; what a person was told is added to `told`. */
export function drain(database: Database, spool: Spool, told: string[] = []): Promise<'empty' | 'left'> {
  return drainSpool(
    { deps: drainDeps(database), spool, tell: (sentence) => told.push(sentence), onSaved: () => {} },
    new AbortController().signal,
  );
}

export function payload(...given: Parameters<typeof reading>): SpooledPayload {
  const { fact, isNew, campaign } = reading(...given);
  return { fact, isNew, campaign };
}

/** Deletes what it hands out before it is saved, which is what must never be done. */
export function naiveSpool(spool: Spool): Spool {
  let taken: ReturnType<Spool['facts']> = [];
  return {
    ...spool,
    facts() {
      if (taken.length === 0) {
        taken = spool.facts();
        spool.remove(taken.map(({ seq }) => seq));
      }
      return taken;
    },
    remove: (seqs) => void (taken = taken.filter(({ seq }) => !seqs.includes(seq))),
  };
}
