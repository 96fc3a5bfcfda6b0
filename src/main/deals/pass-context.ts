import type { OfficeSettings } from '../../shared/contract/settings.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';
import type { Permit } from '../system/permits.ts';
import type { CallPriority } from '../upstream/call-budget.ts';
import type { AdversusClient } from './adversus-client.ts';

/** Where a pass is: pages or look-ups done, how many there will be (null: unknown), records so far. */
export interface StageProgress {
  pages?: number;
  pageCount?: number | null;
  records?: number;
}

/** What a pass needs. Everything it writes goes through the permit, so a lost one writes nothing. */
export interface PassContext {
  database: Database;
  clock: Clock;
  client: AdversusClient;
  settings: OfficeSettings;
  permit: Permit;
  runId: number;
  /** Aborted when the pass is cancelled or its permit lost. */
  signal: AbortSignal;
  priority: CallPriority;
  /** Longest wait for a place in the call budget, in ms. */
  maxWaitMs: number;
  /** How many look-ups one pass may make; the rest wait for the next. */
  mostLookUps: number;
  onStage(stage: 'reading' | 'looking-up' | 'applying', progress: StageProgress): void;
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
}
