import { isCancelled, OpsdeckError } from '../errors.ts';
import type { AdversusClient, RequestContext } from './adversus-client.ts';
import type { Missing } from './gone-store.ts';

/** What the vendor said of each lead that a complete pass did not list. */
export interface Confirmation {
  /** Not a success any more, or not there: may be removed. */
  gone: Missing[];
  /** Still a success: the vendor's records, to be applied like any other. */
  alive: { missing: Missing; record: unknown }[];
  /** The vendor refuses look-ups. */
  refused: Missing[];
  /** Not answered this time (budget, outage, or beyond `most`): their removal waits. */
  waiting: Missing[];
}

/** Two at a time is all the vendor allows. */
const atOnce = 2;

/**
 * Looks up each missing lead by its id. Never throws for the vendor's sake: a look-up that fails leaves its
 * removal waiting, and after one that fails no more are tried. Cancelling throws.
 */
export async function confirmRemovals(
  client: Pick<AdversusClient, 'lookUpLead'>,
  missing: readonly Missing[],
  options: { most: number; request: RequestContext; onLookUp?(done: number): void },
): Promise<Confirmation> {
  const result: Confirmation = { gone: [], alive: [], refused: [], waiting: missing.slice(options.most) };
  const queue = missing.slice(0, options.most);
  let done = 0;
  let failed = false;
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (failed) result.waiting.push(next);
      else failed = !(await lookUpOne(client, next, result, options.request));
      options.onLookUp?.(++done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return result;
}

/** Looks up one lead and files it; false when the vendor could not answer. */
async function lookUpOne(
  client: Pick<AdversusClient, 'lookUpLead'>,
  missing: Missing,
  result: Confirmation,
  request: RequestContext,
): Promise<boolean> {
  try {
    const answer = await client.lookUpLead(missing.leadId, request);
    if (answer.kind === 'gone') result.gone.push(missing);
    else if (answer.kind === 'refused') result.refused.push(missing);
    else if (statusOf(answer.record) === 'success') result.alive.push({ missing, record: answer.record });
    else if (statusOf(answer.record) === null) result.waiting.push(missing);
    else result.gone.push(missing);
    return true;
  } catch (error) {
    if (request.signal?.aborted || isCancelled(error) || !(error instanceof OpsdeckError)) throw error;
    result.waiting.push(missing);
    return false;
  }
}

function statusOf(record: unknown): string | null {
  const status = (record as { status?: unknown } | null)?.status;
  return typeof status === 'string' && status !== '' ? status : null;
}
