import { alertOf, type AlertEvent } from '../../src/main/alerts/alert-event.ts';
import type { AlertRules } from '../../src/main/alerts/decide-alerts.ts';
import type { HealthEventType } from '../../src/main/system/health-events.ts';

export const start = Date.parse('2026-11-16T11:00:00Z');

/** A health event as alerts see it. Throws for one that notifies nobody. */
export function event(
  key: string,
  type: HealthEventType,
  metadata: Record<string, unknown> = {},
  more: { at?: number; own?: boolean } = {},
): AlertEvent {
  const { at = start, own = false } = more;
  const found = alertOf({ key, type, message: `message of ${key}`, metadata, at: new Date(at) }, own);
  if (!found) throw new Error(`${key} notifies nobody`);
  return found;
}

export function rules(more: Partial<AlertRules> = {}): AlertRules {
  return { off: new Set(), paused: false, quiet: false, now: start, ...more };
}
