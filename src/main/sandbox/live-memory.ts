import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LiveSpan } from './adversus/office-feed.ts';

const KEPT = 75 * 86_400_000;

export interface LiveMemory {
  /** Stretches of earlier runs. */
  readonly before: readonly Required<LiveSpan>[];
  /** Writes down that live deals up to this instant were seen. */
  readonly note: (until: number) => void;
}

/**
 * Remembers in a small file when live deals came in. Their content is a function of the seed; only the stretches
 * must be kept, and without them a restarted sandbox would seem to have deleted deals. A broken file counts as none.
 */
export function openLiveMemory(file: string, now: number): LiveMemory {
  const before = readSpans(file).filter((span) => span.until > now - KEPT);
  mkdirSync(dirname(file), { recursive: true });
  const note = (until: number) => {
    try {
      writeFileSync(`${file}.new`, JSON.stringify({ spans: [...before, { from: now, until }] }));
      renameSync(`${file}.new`, file);
    } catch {
      // A full disk costs no more than the live deals after a restart: the simulated vendor must go on answering.
    }
  };
  return { before, note };
}

function readSpans(file: string): Required<LiveSpan>[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return [];
  }
  const spans = typeof parsed === 'object' && parsed !== null && 'spans' in parsed ? parsed.spans : undefined;
  return Array.isArray(spans) ? spans.filter(isSpan) : [];
}

function isSpan(value: unknown): value is Required<LiveSpan> {
  if (typeof value !== 'object' || value === null || !('from' in value) || !('until' in value)) return false;
  return Number.isFinite(value.from) && Number.isFinite(value.until);
}
