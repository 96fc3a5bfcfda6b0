import { z } from 'zod';
import { instant } from '../deals.ts';
import { modeProcess, systemMode } from '../mode.ts';
import { asOf, route } from './route.ts';

const group = 'mode';

/** How requests for accounts are carried out, in the shape that scripts rely on. */
const modeAnswer = z.object({
  mode: systemMode,
  /** When this process read it last; null: never. */
  cachedAt: instant.nullable(),
  /** What each process believes; none while the database is away. */
  processes: z.array(modeProcess),
  as_of: asOf,
});

export const modeHttp = {
  get: route('GET', '/api/admin/mode', {
    scope: 'read',
    group,
    summary: 'The mode, and what every process believes it to be',
  }).output(modeAnswer),
  set: route('PUT', '/api/admin/mode', {
    scope: 'decide',
    group,
    summary: 'Switch the mode for every process',
    description: 'Asking is the confirmation. Audited, and told on every console; never kept for later.',
  })
    .input(z.object({ mode: systemMode }))
    .output(modeAnswer),
};
