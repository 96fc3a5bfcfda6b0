import type { TFunction } from 'i18next';

/** What was found instead of a value: a number as it is; of a text only how long it was, since it may be a person's. */
export function detailInWords(detail: string, t: TFunction): string {
  const [, kind, number] = /^(string|array)\((\d+)\)$/.exec(detail) ?? [];
  if (kind === 'string') return t('rejected.kind.text', { number });
  if (kind === 'array') return t('rejected.kind.list', { number });
  if (detail === 'null' || detail === 'missing' || detail === 'object') return t(`rejected.kind.${detail}`);
  return detail;
}
