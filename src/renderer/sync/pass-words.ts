import type { TFunction } from 'i18next';
import type { PassCounts, PassProgress, SyncRun } from '../../shared/contract/sync.ts';
import type { Format } from '../i18n/format.ts';

const kinds = ['inserted', 'updated', 'removed', 'held', 'rejected', 'unchanged'] as const;

/** What a pass did: `3 new, 1 changed, 240 unchanged`; parts that are zero are left out. */
export function countsInWords(counts: PassCounts, t: TFunction, format: Format): string {
  const parts = kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(`passes.counts.${kind}`, { count: counts[kind], number: format.number(counts[kind]) }));
  return parts.length === 0 ? t('passes.counts.none') : parts.join(', ');
}

/** Which pass it is: `Deals, changes`; names are read in one way only. */
export function passName(run: Pick<SyncRun, 'source' | 'kind'>, t: TFunction): string {
  const source = t(`sync.source.${run.source}`);
  return run.kind === 'names' ? source : `${source}, ${t(`passes.kind.${run.kind}`)}`;
}

/** The same with what kept the pass from finishing, where something did. */
export function passInWords(run: SyncRun, t: TFunction, format: Format): string {
  if (run.state === 'failed') {
    return run.error_code === null ? t('passes.failedText') : t(`errors.${run.error_code}.title`);
  }
  if (run.state === 'cancelled') return t('passes.cancelledText');
  const parts = [countsInWords(run, t, format)];
  if (run.shifted) parts.push(t('passes.shifted'));
  if (run.waiting > 0) parts.push(t('passes.waiting', { count: run.waiting }));
  return parts.join('; ');
}

/** Where a pass under way is: `Page 3 of 12, 2 400 records`, or whom it waits for. */
export function progressInWords(progress: PassProgress, t: TFunction, format: Format): string {
  const who = progress.waiting_for;
  const isInstant = who !== null && /^\d{4}-\d\d-\d\dT/.test(who);
  switch (progress.stage) {
    case 'waiting-permit':
      return who === null ? t('sync.stage.waitingPermit') : t('sync.stage.waitingPermitOf', { who });
    case 'waiting-budget':
      return isInstant
        ? t('sync.stage.waitingBudgetUntil', { time: format.time(who) })
        : t('sync.stage.waitingBudget');
    case 'reading': {
      const records = t('sync.stage.records', {
        count: progress.records,
        number: format.number(progress.records),
      });
      const page = format.number(progress.pages);
      if (progress.pages === 0) return t('sync.stage.readingFirst');
      if (progress.pages_expected === null) return t('sync.stage.readingPage', { page, records });
      return t('sync.stage.readingPageOf', { page, of: format.number(progress.pages_expected), records });
    }
    case 'looking-up':
      return t('sync.stage.lookingUp');
    case 'applying':
      return t('sync.stage.applying');
    case 'ended':
      return t('sync.stage.ended');
  }
}
