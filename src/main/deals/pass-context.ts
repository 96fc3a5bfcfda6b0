import type { OfficeSettings } from '../../shared/contract/settings.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';
import type { Permit } from '../system/permits.ts';
import type { AdversusClient } from './adversus-client.ts';

/** What a pass needs. Everything it writes goes through the permit, so a lost one writes nothing. */
export interface PassContext {
  database: Database;
  clock: Clock;
  client: AdversusClient;
  settings: OfficeSettings;
  permit: Permit;
  runId: number;
  signal: AbortSignal;
  /** How many look-ups one pass may make; the rest wait for the next. */
  mostLookUps: number;
  onStage(
    stage: 'reading' | 'looking-up' | 'applying',
    done: { pages?: number; pagesExpected?: number | null; records?: number },
  ): void;
}

/** What a pass did. `complete` false: removals were not considered, and the cursor stayed. */
export interface PassOutcome {
  inserted: number;
  updated: number;
  removed: number;
  unchanged: number;
  held: number;
  rejected: number;
  /** Removals that wait for their look-up. */
  waiting: number;
  pages: number;
  complete: boolean;
  shifted: boolean;
  ignoredFields: number;
  /** True when removals are held back for a person after this pass. */
  removalsHeld: boolean;
  note: string | null;
  range: { start: Date; end: Date | null };
}
