import type { Clock } from '../../clock.ts';
import type { SharedDurableFile } from '../../storage/durable-file.ts';
import * as store from './spool-store.ts';
import type { SpooledFact, SpooledPayload } from './spooled-fact.ts';

/**
 * Deals read while the database is away, on disk in the durable file until they are saved. One spool for each
 * database. Its rows are facts of the vendor: a lost one is read again by the next pass.
 */
export interface Spool {
  /** Writes readings down; on disk when it returns. Answers how many rows were written. Throws where it cannot. */
  add(readings: readonly SpooledPayload[]): number;
  /** What waits, in stamp order. Damaged rows are not among it. Throws where the file cannot be read. */
  facts(): readonly SpooledFact[];
  /** How many rows wait, as far as known. */
  count(): number;
  /** Sets damaged rows aside and answers their leads. */
  setDamagedAside(): string[];
  remove(seqs: readonly number[]): void;
  /** Counts a failed try; answers how many there were. */
  noteTry(seq: number): number;
  refuse(seq: number): void;
}

/** A file that refused is looked at anew, or begun anew, at the next call. */
export function createSpool(durable: SharedDurableFile, databaseId: string, clock: Clock): Spool {
  let known: readonly SpooledFact[] | null = null;
  let damaged: readonly { seq: number; leadId: string }[] = [];
  let counted = 0;

  function using<T>(work: (sqlite: ReturnType<SharedDurableFile['open']>) => T): T {
    try {
      return work(durable.open());
    } catch (error) {
      known = null;
      durable.close();
      throw error;
    }
  }

  function read(): readonly SpooledFact[] {
    if (known) return known;
    const waiting = using((sqlite) => store.waitingFacts(sqlite, databaseId));
    damaged = waiting.damaged;
    counted = waiting.facts.length + damaged.length;
    return (known = waiting.facts);
  }

  function change<T>(work: (sqlite: ReturnType<SharedDurableFile['open']>) => T): T {
    const done = using(work);
    known = null;
    return done;
  }

  return {
    add: (readings) => change((sqlite) => store.spoolFacts(sqlite, databaseId, readings, clock.now())),
    facts: read,
    count() {
      try {
        read();
      } catch {
        // The last count stands: what cannot be read now was not saved either.
      }
      return counted;
    },
    setDamagedAside() {
      read();
      const found = damaged;
      if (found.length === 0) return [];
      change((sqlite) =>
        store.setFactsAside(
          sqlite,
          found.map(({ seq }) => seq),
          'damaged',
        ),
      );
      return found.map(({ leadId }) => leadId);
    },
    remove: (seqs) => change((sqlite) => store.removeFacts(sqlite, seqs)),
    noteTry: (seq) => change((sqlite) => store.noteTry(sqlite, seq)),
    refuse: (seq) => change((sqlite) => store.setFactsAside(sqlite, [seq], 'refused')),
  };
}
