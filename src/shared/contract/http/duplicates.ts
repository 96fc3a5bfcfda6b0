import { z } from 'zod';
import { instant, money } from '../deals.ts';
import { duplicateAction, duplicateCase, duplicateField, duplicateResolution } from '../duplicates.ts';
import { asOf, idInPath, route, success, wholeNumber } from './route.ts';

/** A case in the shape that scripts rely on. */
export const pendingCase = z.object({
  id: z.number().int(),
  lead_id: z.string(),
  existing_agent_name: z.string().nullable(),
  existing_commission: money.nullable(),
  existing_order_date: instant.nullable(),
  new_agent_name: z.string(),
  new_commission: money.nullable(),
  new_order_date: instant,
  detected_at: instant,
  version: z.number().int(),
});
export type PendingCase = z.infer<typeof pendingCase>;

export const closedCase = pendingCase.extend({
  status: z.enum(['resolved', 'withdrawn']),
  resolution: duplicateResolution.nullable(),
  resolved_at: instant,
  resolved_by: z.string().nullable(),
  note: z.string().nullable(),
});

const text = z.string().trim();
const group = 'duplicates';

/** What became of a decision; 202: the database is away, it is kept on this computer and sent later. */
const resolved = z.union([
  z.object({
    status: z.literal(200),
    body: z.object({ success, action: z.string(), message: z.string() }),
  }),
  z.object({
    status: z
      .literal(202)
      .describe('The database is away: kept on this computer, carried out when it is back'),
    body: z.object({
      success,
      action: z.string(),
      message: z.string(),
      queued: z.literal(true),
      id: z.number().int(),
      version: z.number().int(),
      decision_id: z.string(),
    }),
  }),
]);

export const duplicatesHttp = {
  pending: route('GET', '/api/admin/duplicates/pending', {
    scope: 'read',
    group,
    summary: 'Duplicates that wait for a person, oldest first',
  })
    .input(
      z.object({
        limit: wholeNumber(1, 10_000).optional().describe('At most so many (10 000)'),
        offset: wholeNumber(0).optional().describe('Leave so many of the oldest out (0)'),
        search: text.max(200).optional().describe("Part of a lead's id, an agent's or a campaign's name"),
      }),
    )
    .output(z.object({ success, pending: z.array(pendingCase), count: z.number().int(), as_of: asOf })),
  history: route('GET', '/api/admin/duplicates/history', {
    scope: 'read',
    group,
    summary: 'Decided duplicates, newest first, in pages',
  })
    .input(
      z.object({
        limit: wholeNumber(1, 500).optional().describe('Cases on a page (100)'),
        page: wholeNumber(1, 1_000_000).optional().describe('Which page, from 1 (1)'),
        search: text
          .max(200)
          .optional()
          .describe("Part of a lead's id, an agent's name, a note or who decided"),
        resolution: z
          .enum(['approved', 'replaced', 'merged', 'rejected', 'withdrawn', 'all'])
          .optional()
          .describe('Only cases that ended so; `all` also those withdrawn by upstream (all decided ones)'),
        from: z.iso.date().optional().describe('First day of the office, YYYY-MM-DD'),
        to: z.iso.date().optional().describe('Last day'),
      }),
    )
    .output(
      z.object({
        success,
        history: z.array(closedCase),
        count: z.number().int(),
        /** Number of the next page; null: this is the last. */
        next: z.number().int().nullable(),
      }),
    ),
  case: route('GET', '/api/admin/duplicates/{id}', {
    scope: 'read',
    group,
    summary: 'A case in full, with what each decision would do to the board of today',
  })
    .input(z.object({ id: idInPath }))
    .output(duplicateCase.extend({ success, as_of: asOf })),
  resolve: route('POST', '/api/admin/duplicates/{id}/resolve', {
    scope: 'decide',
    group,
    summary: 'Decide a case',
    description:
      'approve: both count · replace: the new one counts instead · merge: the old one takes over values · reject: the ' +
      'old one stays. With `version` it is done only if the case still has it. The decider is the owner of the token.',
  })
    .route({ outputStructure: 'detailed' })
    .input(
      z.object({
        id: idInPath,
        action: duplicateAction,
        note: text.max(2000).optional(),
        adminName: text
          .max(200)
          .optional()
          .describe('Kept as a remark; the decider is the owner of the token'),
        version: z.number().int().optional(),
        fields: z.array(duplicateField).min(1).max(5).optional().describe('What a merge takes over'),
      }),
    )
    .output(resolved),
  undo: route('POST', '/api/admin/duplicates/{id}/undo', {
    scope: 'decide',
    group,
    summary: 'Take a decision back, where nothing changed since',
  })
    .input(z.object({ id: idInPath, version: z.number().int().optional() }))
    .output(z.object({ success, action: z.literal('undo'), message: z.string() })),
};
