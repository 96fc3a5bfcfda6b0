import type { TFunction } from 'i18next';
import type { KeptDecision } from '../../shared/contract/outbox.ts';
import type { Format } from '../i18n/format.ts';

/** How many kept decisions somebody should know of: those that wait, and those that came back. */
export function needsLook(kept: readonly KeptDecision[]): number {
  return kept.filter((one) => one.state !== 'applied').length;
}

/** How many decisions a restore undid that nobody has looked at yet. */
export function undoneByRestore(kept: readonly KeptDecision[]): number {
  return kept.filter((one) => one.outcome?.kind === 'restored').length;
}

/** What became of a kept decision, or what it waits for, in a sentence. */
export function outcomeInWords(kept: KeptDecision, t: TFunction, format: Format): string {
  if (kept.state === 'waiting')
    return t(kept.elsewhere ? 'duplicates.sent.elsewhere' : 'duplicates.sent.waits');
  if (kept.state === 'damaged' || kept.outcome === null) return t('duplicates.sent.outcome.damaged');
  const { kind, by, at, resolution } = kept.outcome;
  return t(`duplicates.sent.outcome.${kind}`, {
    by: by ?? t('duplicates.somebody'),
    at: at === null ? '' : format.stamp(at),
    resolution: resolution === null ? '' : t(`duplicates.resolution.${resolution}`).toLocaleLowerCase(),
  });
}
