import type { TFunction } from 'i18next';
import { errorCodes } from '../../shared/contract/errors.ts';
import type { HealthEventView } from '../../shared/contract/health.ts';
import { causeName } from '../task-words.ts';
import type { Format } from '../i18n/format.ts';

/** What a sentence is made of. */
export interface SentenceParts {
  t: TFunction;
  format: Pick<Format, 'number' | 'stamp'>;
}

type Facts = HealthEventView['metadata'];
type Say = (facts: Facts, solved: boolean, parts: SentenceParts) => string | null;

/**
 * An event in the console's language, from its kind and figures; null for a kind, or an older event without the figures,
 * that has no words here: main's own sentence is all there is then.
 */
export function eventSentence(
  event: Pick<HealthEventView, 'metadata' | 'solved'>,
  parts: SentenceParts,
): string | null {
  const { kind } = event.metadata;
  const say = typeof kind === 'string' && Object.hasOwn(sayings, kind) ? sayings[kind] : undefined;
  return say?.(event.metadata, event.solved, parts) ?? null;
}

const sayings: Readonly<Record<string, Say>> = {
  'sync-stalled': (facts, solved, { t, format }) => {
    if (solved) return t('health.solvedBy.syncStalled');
    const at = instantOf(facts['lastAt']);
    return at === null ? null : t('health.said.syncStalled', { when: format.stamp(at) });
  },
  'upstream-refusing': named('upstreamRefusing'),
  'budget-low': (facts, solved, { t, format }) => {
    const [left, of, forecast] = figuresOf(facts, ['left', 'perHour', 'forecast'], format);
    const name = textOf(facts['subject']);
    if (name === null) return null;
    if (solved) return t('health.solvedBy.budgetLow', { name });
    return forecast === undefined ? null : t('health.said.budgetLow', { name, left, of, forecast });
  },
  'removals-held': (facts, solved, { t, format }) => {
    const isPackages = facts['source'] === 'packages' || facts['subject'] === 'packages';
    if (isPackages) return t(solved ? 'health.solvedBy.packagesHeld' : 'health.said.packagesHeld');
    if (solved) return t('health.solvedBy.removalsHeld');
    const [count, of] = figuresOf(facts, ['count', 'ofDeals'], format);
    return of === undefined ? null : t('health.said.removalsHeld', { count, of });
  },
  'task-parked': (facts, solved, { t }) => {
    const cause = errorCodes.find((code) => code === facts['subject']);
    if (cause === undefined) return null;
    const why = t(`tasks.cause.${causeName(cause)}`);
    return t(solved ? 'health.solvedBy.taskParked' : 'health.said.taskParked', { why });
  },
  mode: (facts, _solved, { t }) => {
    const [from, to] = [modeOf(facts['from']), modeOf(facts['to'])];
    const who = textOf(facts['actor']);
    if (from === null || to === null || who === null) return null;
    return t('health.said.mode', { who, from: t(`mode.name.${from}`), to: t(`mode.name.${to}`) });
  },
  'queue-fell-back': (_facts, solved, { t }) =>
    t(solved ? 'health.solvedBy.queueFellBack' : 'health.said.queueFellBack'),
  'database-away': named('databaseAway'),
  'package-health': (facts, solved, { t, format }) => {
    const [invalid, of] = figuresOf(facts, ['invalid', 'total'], format);
    if (of === undefined) return null;
    return t(solved ? 'health.solvedBy.packageHealth' : 'health.said.packageHealth', { invalid, of });
  },
  'account-refused': (_facts, _solved, { t }) => t('health.said.accountRefused'),
  'kept-without-lead': (_facts, _solved, { t }) => t('health.said.keptWithoutLead'),
  'unlisted-messages-kept': (_facts, _solved, { t }) => t('health.said.unlistedMessagesKept'),
  'rule-stopped': (facts, _solved, { t }) => {
    const rule = textOf(facts['rule']);
    return rule === null ? null : t('health.said.ruleStopped', { rule });
  },
  restored: (facts, _solved, { t, format }) => {
    const at = instantOf(facts['backupAt']);
    // Whether its audit log is whole decides what it means; an event that does not tell is left to its own words.
    if (at === null || typeof facts['auditOk'] !== 'boolean') return null;
    const key = facts['auditOk'] ? 'health.said.restored' : 'health.said.restoredDamaged';
    return t(key, { when: format.stamp(at) });
  },
  'set-back': (_facts, _solved, { t }) => t('health.said.setBack'),
  'backup-failed': (_facts, _solved, { t }) => t('health.said.backupFailed'),
  'backup-works': (_facts, _solved, { t }) => t('health.said.backupWorks'),
};

/** A kind of which its subject's name is all there is to say. */
function named(kind: 'upstreamRefusing' | 'databaseAway'): Say {
  return (facts, solved, { t }) => {
    const name = textOf(facts['subject']);
    return name === null ? null : t(solved ? `health.solvedBy.${kind}` : `health.said.${kind}`, { name });
  };
}

/** An instant that can be told; null for anything else. */
function instantOf(value: unknown): string | null {
  const text = textOf(value);
  return text === null || Number.isNaN(Date.parse(text)) ? null : text;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** All of them as words, or none. */
function figuresOf(
  facts: Facts,
  names: readonly string[],
  format: SentenceParts['format'],
): readonly (string | undefined)[] {
  const values = names.map((name) => facts[name]);
  return values.every((value) => typeof value === 'number')
    ? values.map((value) => format.number(value))
    : [];
}

function modeOf(value: unknown): 'async_queue' | 'sync_direct' | null {
  return value === 'async_queue' || value === 'sync_direct' ? value : null;
}
