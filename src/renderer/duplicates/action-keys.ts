import type { DuplicateAction } from '../../shared/contract/duplicates.ts';

/** The key of each decision, the same in every language. */
export const actionKeys: Readonly<Record<DuplicateAction, string>> = {
  approve: 'a',
  replace: 'r',
  merge: 'm',
  reject: 'x',
};
