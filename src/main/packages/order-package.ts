import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { isCancelled, OpsdeckError } from '../errors.ts';
import type { Database } from '../storage/postgres.ts';
import { isEquivalent } from './compare-packages.ts';
import { readPackage } from './known-store.ts';
import { mappingsOf, readMapping } from './my-packages-store.ts';
import { nextStep, type Attempt, type Step } from './next-step.ts';
import * as store from './orders-store.ts';
import type { OrderEnd, OrderRow } from './orders-store.ts';
import { alternativeView } from './package-views.ts';
import { promisedTerms } from './package-terms.ts';
import type { RoamifyClient } from './roamify-client.ts';
import { alternativesOf, bareMapping } from './validate-packages.ts';
import type { VendorOrder } from './vendor-order.ts';

export interface OrderDeps {
  database: Database;
  clock: Clock;
  client: RoamifyClient;
  actor: string;
  /** After an answer that never came: how long it may still be under way, in ms. Longer than a request may take. */
  settleMs?: number;
  /** Pause before an order is tried again, in ms, doubled each time. */
  pauseMs?: number;
  signal?: AbortSignal;
}

const usualSettleMs = 180_000;
const usualPauseMs = 2_000;
const mostTries = 3;
/** An attempt that is not on its way this soon after it was written down is not sent any more, in ms. */
const lateMs = 5_000;

/**
 * Buys a package once for a reference, however often it is asked for, by whomever. Asking again for one that failed tries
 * again, after a look-up. CONFLICT for a reference that means another package; SYNC_BUSY while another process is at it.
 */
export async function orderPackage(
  deps: OrderDeps,
  asked: { package: number | string; referenceId: string },
): Promise<OrderRow> {
  const { database, clock, actor } = deps;
  const { resellerId, myPackageId } = await packageAsked(database, asked.package);
  const { referenceId } = asked;
  const { row, opened } = await store.openOrder(database, {
    referenceId,
    resellerId,
    myPackageId,
    actor,
    now: clock.now(),
  });
  if (row.resellerId !== resellerId && !(await store.chooseOther(database, row.id, resellerId)))
    throw new OpsdeckError(
      'CONFLICT',
      `The reference ${referenceId} stands for ${row.resellerId} already. Take another reference.`,
    );
  if (row.state === 'completed') return row;
  return workOn(deps, { ...row, resellerId }, { mayBuy: true, anew: !opened });
}

/** Finds out how an order stands; never buys. NOT_FOUND for an unknown reference. */
export async function lookUpOrder(deps: OrderDeps, referenceId: string): Promise<OrderRow> {
  const row = await store.readOrder(deps.database, referenceId);
  if (!row) throw new OpsdeckError('NOT_FOUND', `There is no order with the reference ${referenceId}.`);
  return row.state === 'open' || row.state === 'unknown'
    ? workOn(deps, row, { mayBuy: false, anew: true })
    : row;
}

/** Looks up what is due; answers how many orders are settled now. */
export async function lookUpDue(deps: OrderDeps): Promise<number> {
  let settled = 0;
  for (const referenceId of await store.dueLookUps(deps.database, 20)) {
    deps.signal?.throwIfAborted();
    try {
      const row = await lookUpOrder(deps, referenceId);
      if (row.state !== 'unknown' && row.state !== 'open') settled += 1;
    } catch (error) {
      // Another process took it up meanwhile.
      if (!(error instanceof OpsdeckError && error.code === 'SYNC_BUSY')) throw error;
    }
  }
  return settled;
}

async function packageAsked(database: Database, asked: number | string) {
  if (typeof asked === 'string') {
    const [mapping] = await mappingsOf(database, asked);
    return { resellerId: asked, myPackageId: mapping?.id ?? null };
  }
  const mapping = await readMapping(database, asked);
  if (!mapping) throw new OpsdeckError('NOT_FOUND', `The office sells no package with number ${asked}.`);
  return { resellerId: mapping.resellerId, myPackageId: mapping.id };
}

interface Work {
  deps: OrderDeps;
  order: OrderRow;
  claim: string;
  mayBuy: boolean;
  askedAfter: number;
  target: string;
  fallback: string | null;
}

async function workOn(
  deps: OrderDeps,
  order: OrderRow,
  how: { mayBuy: boolean; anew: boolean },
): Promise<OrderRow> {
  const { database } = deps;
  const claim = randomUUID();
  if (!(await store.claimOrder(database, order.id, claim)))
    throw new OpsdeckError(
      'SYNC_BUSY',
      `The order ${order.referenceId} is being placed just now. Ask again in a moment.`,
    );
  try {
    const attempts = await store.readAttempts(database, order.id);
    const askedAfter = how.anew ? (attempts.at(-1)?.number ?? 0) : 0;
    const current = (await store.readOrder(database, order.referenceId))!;
    if (current.state === 'completed') return current;
    const last = attempts.findLast((attempt) => attempt.kind === 'order');
    // The job goes on with what was sent last; who asks begins with what is asked for.
    const target = how.mayBuy ? order.resellerId : (last?.resellerId ?? order.resellerId);
    await run({ deps, order, claim, mayBuy: how.mayBuy, askedAfter, target, fallback: null });
    return (await store.readOrder(database, order.referenceId))!;
  } finally {
    await store.releaseOrder(database, order.id, claim).catch(() => {});
  }
}

/** Step by step until the order stands as it will. Every step is in the database before the next. */
async function run(work: Work): Promise<void> {
  const { deps, order } = work;
  for (;;) {
    deps.signal?.throwIfAborted();
    const attempts = await store.readAttempts(deps.database, order.id);
    const known = await readPackage(deps.database, work.target);
    const step = nextStep({
      ...{ target: work.target, attempts, askedAfter: work.askedAfter, mayBuy: work.mayBuy, mostTries },
      onOffer: known !== null && !known.retired,
      now: deps.clock.now(),
      settleMs: deps.settleMs ?? usualSettleMs,
    });
    const ended = await take(work, step, attempts);
    if (ended) {
      const claim = { id: order.id, claim: work.claim };
      if (!(await store.settleOrder(deps.database, claim, ended, deps.clock.now()))) throw claimLost(order);
      return;
    }
  }
}

/** Takes one step; answers the end when there is nothing more to do. */
async function take(work: Work, step: Step, attempts: readonly Attempt[]): Promise<OrderEnd | null> {
  switch (step.kind) {
    case 'order':
      if (step.again) await pause(work, attempts);
      return sendOrder(work);
    case 'look-up':
      return lookUp(work);
    case 'check':
      return check(work);
    case 'fall-back':
      return fallBack(work, attempts);
    case 'complete':
      // Bought in an earlier attempt whose end was not written down: the supplier tells what.
      return lookUp(work);
    case 'unknown':
      return {
        state: 'unknown',
        message:
          'Nobody knows yet whether it was bought. It is looked up again by itself and never bought twice.',
        fallback: work.fallback,
        lookUpInSeconds: Math.min(
          15 * 2 ** (await store.countLookUps(work.deps.database, work.order.id)),
          600,
        ),
      };
    case 'failed':
      return { state: 'failed', message: failureWords[step.why], fallback: work.fallback };
  }
}

const failureWords = {
  refused:
    'Roamify refused the order; nothing was bought. The attempts say why. Mend that, then order again.',
  supplier:
    'Roamify cannot take orders just now although it lists the package; nothing was bought. Order again later.',
  'not-bought':
    'The answer to the order was lost, and Roamify knows no order with this reference; nothing was bought. It may be ordered again.',
  'never-sent': 'The program ended before the order was sent; nothing was bought. Order again.',
} as const;

async function sendOrder(work: Work): Promise<OrderEnd | null> {
  const { deps, order, target } = work;
  const number = await begin(work, 'order');
  const writtenAt = deps.clock.monotonic();
  const wroteAt = deps.clock.wall();
  // A machine that slept here wakes into another's work.
  await Promise.resolve();
  if (deps.clock.monotonic() - writtenAt > lateMs || deps.clock.wall() - wroteAt > lateMs) {
    await store.endAttempt(deps.database, order.id, number, {
      outcome: 'failed',
      status: null,
      detail: 'not sent: too late',
    });
    return null;
  }
  // Once it is on its way it is not given up: what was bought has to be known.
  const answer = await deps.client.order(target, order.referenceId);
  const outcome = {
    done: 'done',
    refused: 'refused',
    busy: 'refused',
    failed: 'failed',
    lost: 'lost',
    unsent: 'failed',
  } as const;
  const status = 'status' in answer ? answer.status : answer.kind === 'done' ? 200 : null;
  const detail = answer.kind === 'done' ? answer.order.id : answer.words.slice(0, 500);
  await store.endAttempt(deps.database, order.id, number, { outcome: outcome[answer.kind], status, detail });
  return answer.kind === 'done' ? completed(work, answer.order) : null;
}

async function lookUp(work: Work): Promise<OrderEnd | null> {
  const { deps, order } = work;
  const number = await begin(work, 'look-up');
  const found = await deps.client.lookUpOrder(order.referenceId, deps.signal);
  const end =
    found.kind === 'found'
      ? { outcome: 'done' as const, status: 200, detail: found.orders.map((one) => one.id).join(', ') }
      : found.kind === 'absent'
        ? { outcome: 'absent' as const, status: null, detail: 'Roamify knows no order with this reference.' }
        : { outcome: 'lost' as const, status: found.status, detail: found.words.slice(0, 500) };
  await store.endAttempt(deps.database, order.id, number, end);
  if (found.kind !== 'found') return null;
  const twice =
    found.orders.length > 1
      ? ` Roamify lists ${found.orders.length} orders with this reference: look at them there.`
      : '';
  const end2 = completed(work, found.orders[0]!);
  return { ...end2, message: `${end2.message}${twice}` };
}

async function check(work: Work): Promise<null> {
  const { deps, order, target } = work;
  const number = await begin(work, 'check');
  try {
    const has = await deps.client.hasPackage(target, deps.signal);
    const detail = has
      ? 'Roamify lists the package: the supplier is at fault.'
      : 'Roamify does not list the package.';
    await store.endAttempt(deps.database, order.id, number, {
      outcome: has ? 'present' : 'absent',
      status: 200,
      detail,
    });
  } catch (error) {
    if (isCancelled(error) && deps.signal?.aborted) throw error;
    const detail = error instanceof Error ? error.message.slice(0, 500) : String(error);
    // Not told: our own catalogue has it on offer, or the order had not been sent.
    await store.endAttempt(deps.database, order.id, number, { outcome: 'lost', status: null, detail });
  }
  return null;
}

/** Puts a rule-proven equivalent in the place of what cannot be had, or leaves the choice to a person. */
async function fallBack(work: Work, attempts: readonly Attempt[]): Promise<OrderEnd | null> {
  const { deps, order } = work;
  const known = await readPackage(deps.database, order.resellerId);
  const mapping =
    (order.myPackageId === null ? null : await readMapping(deps.database, order.myPackageId)) ??
    bareMapping(order.resellerId);
  const sold = { ...mapping, resellerId: order.resellerId };
  const terms = promisedTerms(sold, known);
  const tried = new Set([order.resellerId, ...attempts.map((attempt) => attempt.resellerId)]);
  const ranked = await alternativesOf(deps, sold, known, 200);
  const untried = ranked.filter((one) => !tried.has(one.offered.resellerId));
  const equivalent = untried.find((one) => one.equivalent && isEquivalent(terms, one.offered, mapping.price));
  if (equivalent) {
    work.target = equivalent.offered.resellerId;
    work.fallback = `${order.resellerId} cannot be had; ${work.target}, which is the same in everything and not dearer, is bought in its place.`;
    return null;
  }
  return {
    state: 'needs-person',
    message: `${order.resellerId} cannot be had any more, and nothing is proven to be the same; nothing was bought. Choose one of the alternatives.`,
    alternatives: untried.slice(0, 10).map(alternativeView),
  };
}

/** What was bought, as the supplier tells it. */
function completed(work: Work, bought: VendorOrder): OrderEnd {
  const { order } = work;
  const what = bought.esims.find((esim) => esim.package_id !== '')?.package_id ?? work.target;
  const gone = bought.status === 'CANCELLED' || bought.status === 'REFUNDED';
  const other = what !== order.resellerId;
  const fallback = other
    ? (work.fallback ?? `${what} was bought in the place of ${order.resellerId}.`)
    : null;
  return {
    state: gone ? 'failed' : 'completed',
    message: gone
      ? `Roamify took the order and ended it (${bought.status}). Take another reference to buy again.`
      : `Bought${bought.status && bought.status !== 'COMPLETED' ? `; Roamify says ${bought.status}` : ''}.`,
    ...{ boughtResellerId: what, vendorOrderId: bought.id, total: bought.total, currency: bought.currency },
    ...{ esims: bought.esims, fallback },
  };
}

async function begin(work: Work, kind: Attempt['kind']): Promise<number> {
  const { deps, order, claim, target } = work;
  const number = await store.beginAttempt(
    deps.database,
    { id: order.id, claim },
    { kind, resellerId: target },
  );
  if (number === null) throw claimLost(order);
  return number;
}

async function pause(work: Work, attempts: readonly Attempt[]): Promise<void> {
  const tries = attempts.filter(
    (attempt) => attempt.kind === 'order' && attempt.number > work.askedAfter,
  ).length;
  await work.deps.clock.sleep(
    (work.deps.pauseMs ?? usualPauseMs) * 2 ** Math.max(0, tries - 1),
    work.deps.signal,
  );
}

function claimLost(order: OrderRow): OpsdeckError {
  return new OpsdeckError(
    'PERMIT_LOST',
    `Another process took over the order ${order.referenceId}; look at how it stands there.`,
  );
}
