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

/** So many failures without an answer between them are an outage, not a lead that the vendor cannot tell of. */
const failuresInARow = 3;

/**
 * Looks up each missing lead by its id. Never throws for the vendor's sake: a look-up that fails leaves its
 * removal waiting, and after three in a row, or when there are no calls left, no more are tried. `turn` is another
 * number in each pass: it begins elsewhere, so that leads that cannot be told of never keep the others waiting. Cancelling throws.
 */
export async function confirmRemovals(
  client: Pick<AdversusClient, 'lookUpLead'>,
  missing: readonly Missing[],
  options: { most: number; turn: number; request: RequestContext; onLookUp?(done: number): void },
): Promise<Confirmation> {
  // Scattered: numbers of runs come in strides, which could share their rhythm with the list.
  const first = missing.length > 0 ? (Math.imul(options.turn, 0x9e3779b1) >>> 8) % missing.length : 0;
  const inTurn = [...missing.slice(first), ...missing.slice(0, first)];
  const result: Confirmation = { gone: [], alive: [], refused: [], waiting: inTurn.slice(options.most) };
  const queue = inTurn.slice(0, options.most);
  let done = 0;
  let failures = 0;
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      if (failures >= failuresInARow) result.waiting.push(next);
      else {
        const answer = await lookUpOne(client, next, result, options.request);
        failures = answer === 'told' ? 0 : answer === 'busy' ? failuresInARow : failures + 1;
      }
      options.onLookUp?.(++done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return result;
}

/** Looks up one lead and files it; 'failed' when the vendor could not answer, 'busy' when it may not be asked. */
async function lookUpOne(
  client: Pick<AdversusClient, 'lookUpLead'>,
  missing: Missing,
  result: Confirmation,
  request: RequestContext,
): Promise<'told' | 'failed' | 'busy'> {
  try {
    const answer = await client.lookUpLead(missing.leadId, request);
    if (answer.kind === 'gone') result.gone.push(missing);
    else if (answer.kind === 'refused') result.refused.push(missing);
    else if (statusOf(answer.record) === 'success') result.alive.push({ missing, record: answer.record });
    else if (statusOf(answer.record) === null) result.waiting.push(missing);
    else result.gone.push(missing);
    return 'told';
  } catch (error) {
    if (request.signal?.aborted || isCancelled(error) || !(error instanceof OpsdeckError)) throw error;
    result.waiting.push(missing);
    return error.code === 'UPSTREAM_BUSY' ? 'busy' : 'failed';
  }
}

function statusOf(record: unknown): string | null {
  const status = (record as { status?: unknown } | null)?.status;
  return typeof status === 'string' && status !== '' ? status : null;
}
