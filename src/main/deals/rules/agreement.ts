import { mergedByDefault, type DuplicateAction } from '../../../shared/contract/duplicates.ts';
import type { RuleCase, RuleView } from '../../../shared/contract/rules.ts';
import { actionResolution } from '../plan-resolution.ts';
import type { VerdictRow } from './rules-store.ts';

/** A verdict beside what a person decided of the very same version, if anybody did. */
export function compareVerdict(action: DuplicateAction, verdict: VerdictRow): RuleCase {
  const decided =
    verdict.status === 'resolved' &&
    verdict.version === verdict.caseVersion + 1 &&
    !verdict.byRule &&
    verdict.resolution &&
    verdict.resolvedAt
      ? {
          resolution: verdict.resolution,
          by: verdict.resolvedBy ?? '',
          at: verdict.resolvedAt.toISOString(),
        }
      : null;
  return {
    duplicate_id: verdict.duplicateId,
    lead_id: verdict.leadId,
    at: verdict.at.toISOString(),
    decided,
    agrees: decided && decidesAlike(action, verdict),
    acted: verdict.acted,
    undone: verdict.undone,
  };
}

/** A merge of other fields than a rule's is another decision. */
function decidesAlike(action: DuplicateAction, verdict: VerdictRow): boolean {
  if (verdict.resolution !== actionResolution[action]) return false;
  if (action !== 'merge') return true;
  const taken = verdict.mergedFields ?? [];
  return taken.length === mergedByDefault.length && mergedByDefault.every((field) => taken.includes(field));
}

/** How a rule did over its cases. */
export function sumUp(action: DuplicateAction, verdicts: readonly VerdictRow[]): RuleView['figures'] {
  const cases = verdicts.map((verdict) => compareVerdict(action, verdict));
  const compared = cases.filter((one) => one.agrees !== null);
  return {
    compared: compared.length,
    agreed: compared.filter((one) => one.agrees).length,
    waiting: verdicts.filter((one) => one.status === 'pending' && one.version === one.caseVersion).length,
    acted: cases.filter((one) => one.acted).length,
    undone: cases.filter((one) => one.undone).length,
  };
}
