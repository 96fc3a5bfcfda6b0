import { z } from 'zod';
import { healthEvent } from '../system.ts';
import { asOf, route, success, wholeNumber } from './route.ts';

const kinds = z.enum(['INFO', 'WARNING', 'ERROR', 'SWITCH', 'CRITICAL']);

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
        before: wholeNumber(1).optional().describe('Only events before this id: `next` of the page before'),
        limit: wholeNumber(1, 1000).optional().describe('At most so many (100)'),
      }),
    )
    .output(
      z.object({
        success,
        events: z.array(healthEvent),
        count: z.number().int(),
        /** `before` of the next page; null: this is the last. */
        next: z.number().int().nullable(),
        as_of: asOf,
      }),
    ),
};

/** Where the change stream is; it is no procedure, since it never ends. */
export const eventsPath = '/api/events';
