import { z } from 'zod';
import { instant } from '../deals.ts';
import { asOf, route, success, wholeNumber } from './route.ts';

const kinds = z.enum(['INFO', 'WARNING', 'ERROR', 'SWITCH', 'CRITICAL']);

/** One event of the timeline, as scripts know it. */
const healthEvent = z.object({
  /** Null for one that is kept here and not in the database yet. */
  id: z.number().int().nullable(),
  event_type: kinds,
  message: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  created_at: instant,
});

export const systemHttp = {
  health: route('GET', '/health', {
    scope: null,
    group: 'open',
    summary: 'Whether the server answers',
  }).output(z.object({ status: z.literal('ok') })),
  healthEvents: route('GET', '/api/admin/health/events', {
    scope: 'read',
    group: 'health',
    summary: 'The timeline of health events, newest first',
  })
    .input(
      z.object({
        type: z
          .string()
          .transform((text) => text.split(','))
          .pipe(z.array(kinds))
          .optional()
          .describe('INFO, WARNING, ERROR, SWITCH, CRITICAL; several with commas'),
        search: z.string().trim().max(200).optional().describe('Part of the message'),
        since: z.iso.datetime({ offset: true }).optional().describe('Only from this instant on'),
        page: wholeNumber(1, 1_000_000).optional().describe('Which page, from 1 (1)'),
        limit: wholeNumber(1, 1000).optional().describe('At most so many (100)'),
      }),
    )
    .output(
      z.object({
        success,
        events: z.array(healthEvent),
        count: z.number().int(),
        /** Number of the next page; null: this is the last. */
        next: z.number().int().nullable(),
        as_of: asOf,
      }),
    ),
};

/** Where the change stream is; it is no procedure, since it never ends. */
export const eventsPath = '/api/events';
