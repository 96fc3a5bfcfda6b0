import type { Command } from 'commander';
import {
  leadId,
  type WhyKind,
  type WhyStep,
  type WhyVerdict,
  type WhyView,
} from '../../shared/contract/why.ts';
import { officeTime } from '../deals/refuse-decision.ts';
import { traceLead } from '../deals/why/trace-lead.ts';
import { readTrace } from '../deals/why/why-store.ts';
import { OpsdeckError } from '../errors.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `why LEAD`. */
export function addWhyCommand(program: Command, output: Output): void {
  const command = program
    .command('why')
    .description('why a lead is, or is not, on the board: what happened to it, oldest first')
    .argument('<lead>', "the lead's id")
    .action(async (text: string) => {
      const lead = leadId.safeParse(text);
      if (!lead.success) throw new OpsdeckError('BAD_REQUEST', 'A lead id has 1 to 100 characters.');
      const { view, zone } = await withWorkspace(command, {}, async ({ workspace }) => {
        const { timeZone } = (await workspace.settings()).settings;
        const at = { now: workspace.passes.clock.now(), zone: timeZone };
        return {
          view: traceLead(lead.data, await readTrace(workspace.database, lead.data), at),
          zone: timeZone,
        };
      });
      output.answer({ success: true, ...view }, wordsOf(view, zone));
    });
}

const verdicts: Readonly<Record<WhyVerdict, string>> = {
  counts: 'is on the board',
  waiting: 'is not on the board: it waits for a decision',
  rejected: 'is not on the board: its record could not be read',
  replaced: 'is not on the board: another deal counts in its place',
  removed: 'is not on the board: it was removed',
  unknown: 'is not known: no pass has read it as a success',
};

const kinds: Readonly<Record<WhyKind, string>> = {
  seen: 'first seen',
  rejected: 'rejected',
  updated: 'updated',
  'case-opened': 'a change waited for a decision',
  'case-withdrawn': 'the change was withdrawn',
  decided: 'decided',
  undone: 'the decision was undone',
  missed: 'missing from one complete pass',
  held: 'its removal was held for a person',
  'hold-decided': 'the held removal was decided',
  'removal-refused': 'its removal was refused by a person',
  removed: 'removed, since upstream no longer has it',
  archived: 'archived',
};

function wordsOf(view: WhyView, zone: string): string {
  const counts = view.counts.map(
    (deal) =>
      `  deal ${deal.deal_id}: ${deal.agent}, ${deal.multi_deals} on ${deal.day}` +
      `${deal.periods.length > 0 ? ` (${deal.periods.join(', ')})` : ''}${deal.archived ? ', archived' : ''}`,
  );
  const waiting = view.waiting && view.verdict === 'counts' ? '  A change of it waits for a decision.' : null;
  const looked = view.last_looked
    ? `The last complete pass ended ${officeTime(new Date(view.last_looked), zone)}.`
    : 'No pass over deals was complete yet.';
  return [
    `Lead ${view.lead_id} ${verdicts[view.verdict]}.`,
    ...counts,
    ...(waiting ? [waiting] : []),
    ...view.steps.map((step) => stepWords(step, zone)),
    looked,
  ].join('\n');
}

function stepWords(step: WhyStep, zone: string): string {
  const about = [
    step.details.join(', '),
    step.agent,
    step.agent === null ? null : `commission ${step.commission ?? 'none'}`,
    step.order_date === null ? null : `ordered ${officeTime(new Date(step.order_date), zone)}`,
    step.by === null ? null : `by ${step.by}`,
    step.note,
  ].filter(Boolean);
  const words = `${officeTime(new Date(step.at), zone)}  ${kinds[step.kind]}`;
  return about.length > 0 ? `${words}: ${about.join(', ')}` : words;
}
