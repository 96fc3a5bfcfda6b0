import { z } from 'zod';
import { accountAnswer, accountRequest } from '../accounts.ts';
import { route } from './route.ts';

/** What became of a request; `skipped`: it had been made before, and `reason` says by which request. */
const answer = accountAnswer.extend({ skipped: z.boolean() });

export const accountsHttp = {
  add: route('POST', '/api/admin/accounts', {
    scope: 'decide',
    group: 'accounts',
    summary: 'Make an account in the directory, once however often it is asked',
    description:
      'Without `key` it is the one request that there may be of this email. 409: the email belongs to somebody else, or is ' +
      'asked anew with another key.',
  })
    .route({ outputStructure: 'detailed' })
    .input(accountRequest)
    .output(
      z.union([
        z.object({ status: z.literal(200), body: answer }),
        z.object({
          status: z
            .literal(202)
            .describe('Queued as a task, or kept on this computer while the database is away'),
          body: answer,
        }),
      ]),
    ),
};
