import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database, Transaction } from '../storage/postgres.ts';
import { appendAudit } from '../system/audit.ts';
import { appendChange } from '../system/change-log.ts';
import {
  keepChange,
  markUndone,
  readChange,
  withdrawProposals,
  type ChangeAction,
  type MappingState,
} from './changes-store.ts';
import { checkMapping } from './check-mapping.ts';
import { differencesOf, wordsOf } from './compare-packages.ts';
import { readPackage, type StoredPackage } from './known-store.ts';
import {
  deleteMapping,
  insertMapping,
  lockMappings,
  mappingsOf,
  readMapping,
  updateMapping,
  type MappingRow,
} from './my-packages-store.ts';
import { promisedTerms, type Mapping } from './package-terms.ts';
import { storeFindings } from './validations-store.ts';
import { noSuchMapping } from './validate-packages.ts';

/** Who changes what the office sells, and where. */
export interface ChangeDeps {
  database: Database;
  clock: Clock;
  actor: string;
  console: string;
}

/** What a person may set of a mapping. */
export interface MappingPatch {
  name?: string | undefined;
  price?: number | null | undefined;
  visible?: boolean | undefined;
}

/** Adds a package of the catalogue to what the office sells. NOT_FOUND without such a package, CONFLICT when it is sold already. */
export async function addMapping(
  deps: ChangeDeps,
  asked: { resellerId: string } & MappingPatch,
): Promise<MappingRow> {
  return inTransaction(deps, async (tx) => {
    const id = await addIn(tx, deps, asked);
    await audit(tx, deps, 'my-package.add', id, undefined, asked);
    await finish(tx, deps, [id]);
    return (await readMapping(tx, id))!;
  });
}

/** The same inside a transaction that ends otherwise. */
export async function addIn(
  tx: Transaction,
  deps: ChangeDeps,
  asked: { resellerId: string } & MappingPatch,
): Promise<number> {
  const known = await readPackage(tx, asked.resellerId);
  if (!known || known.retired) {
    const why = known ? 'is not offered by Roamify any more' : 'is not in the catalogue';
    throw new OpsdeckError(
      'NOT_FOUND',
      `${asked.resellerId} ${why}. Look it up in the catalogue, or run a pass first.`,
    );
  }
  const [already] = await mappingsOf(tx, asked.resellerId);
  if (already) {
    throw new OpsdeckError(
      'CONFLICT',
      `${asked.resellerId} is sold already, as number ${already.id}. Change that one.`,
    );
  }
  const { name = null, price = null, visible = true } = asked;
  return insertMapping(tx, { resellerId: asked.resellerId, name, price, visible, now: deps.clock.now() });
}

/** Sets name, price or visibility of a mapping. CONFLICT when somebody changed it since that version. */
export function editMapping(
  deps: ChangeDeps,
  asked: { id: number; version: number; patch: MappingPatch },
): Promise<MappingRow> {
  return inTransaction(deps, async (tx) => {
    const mapping = await lockVersion(tx, asked);
    const patch = givenOf(asked.patch);
    const words = Object.entries(patch)
      .map(([name, value]) => `${name}: ${String(value)}`)
      .join(', ');
    await change(tx, deps, mapping, { action: 'edit', set: patch, words });
    await finish(tx, deps, [mapping.id]);
    return (await readMapping(tx, mapping.id))!;
  });
}

/** Takes a mapping off what the office sells. */
export function removeMapping(deps: ChangeDeps, asked: { id: number; version: number }): Promise<void> {
  return inTransaction(deps, async (tx) => {
    const mapping = await lockVersion(tx, asked);
    await deleteMapping(tx, mapping.id);
    await audit(tx, deps, 'my-package.remove', mapping.id, stateOf(mapping), undefined);
    await appendChange(tx, 'packages', { what: 'mine', ids: [mapping.id] });
  });
}

/** A person's own choice of another package. NOT_FOUND or CONFLICT as above; refused while that one is sold already. */
export function replaceMapping(
  deps: ChangeDeps,
  asked: { id: number; version: number; resellerId: string; note?: string | undefined },
): Promise<MappingRow> {
  return inTransaction(deps, async (tx) => {
    const mapping = await lockVersion(tx, asked);
    const [before, known] = [
      await readPackage(tx, mapping.resellerId),
      await readPackage(tx, asked.resellerId),
    ];
    await moveTo(tx, deps, mapping, { before, known, resellerId: asked.resellerId }, 'replace', asked.note);
    await finish(tx, deps, [mapping.id]);
    return (await readMapping(tx, mapping.id))!;
  });
}

/** Puts another package in the place of a mapping's own; the office's price, name and visibility stay. */
export async function moveTo(
  tx: Transaction,
  deps: ChangeDeps,
  mapping: MappingRow,
  target: { before: StoredPackage | null; known: StoredPackage | null; resellerId: string },
  action: ChangeAction,
  note?: string,
): Promise<string> {
  const { known, before, resellerId } = target;
  if (!known || known.retired)
    throw new OpsdeckError('NOT_FOUND', `${resellerId} is not on offer any more. Choose another package.`);
  const [other] = (await mappingsOf(tx, resellerId)).filter((one) => one.id !== mapping.id);
  if (other)
    throw new OpsdeckError(
      'CONFLICT',
      `${resellerId} is sold already, as number ${other.id}. Remove one of the two instead.`,
    );
  const words = wordsOf(differencesOf(promisedTerms(mapping, before), known));
  await change(tx, deps, mapping, {
    action,
    set: termsOf(known),
    words,
    ...(note === undefined ? {} : { note }),
  });
  return words;
}

/** What of a mapping comes from its package. */
export function termsOf(known: StoredPackage): Partial<Mapping> {
  const { resellerId, countryCode, region, place, dataMb, unlimited, days, calls, sms, hotspot, throttle } =
    known;
  return { resellerId, countryCode, region, place, dataMb, unlimited, days, calls, sms, hotspot, throttle };
}

/** Writes a change with what was before it and its audit entry. */
export async function change(
  tx: Transaction,
  deps: ChangeDeps,
  mapping: MappingRow,
  by: { action: ChangeAction; set: Partial<Mapping> & { visible?: boolean }; words: string; note?: string },
): Promise<void> {
  const now = deps.clock.now();
  await updateMapping(tx, mapping.id, by.set, now);
  const before = stateOf(mapping);
  const after = { ...before, ...by.set, version: mapping.version + 1 };
  await keepChange(tx, {
    myPackageId: mapping.id,
    action: by.action,
    before,
    after,
    words: by.words,
    actor: deps.actor,
    now,
  });
  await withdrawProposals(tx, [mapping.id], now);
  await audit(tx, deps, `my-package.${by.action}`, mapping.id, before, after, by.note);
}

/** Takes a change back while nothing changed the mapping since. NOT_FOUND, or CONFLICT with what speaks against it. */
export function undoChange(deps: ChangeDeps, changeId: number): Promise<MappingRow> {
  return inTransaction(deps, async (tx) => {
    const found = await readChange(tx, changeId);
    if (!found) throw new OpsdeckError('NOT_FOUND', `There is no change with number ${changeId}.`);
    const [mapping] = await lockMappings(tx, [found.myPackageId]);
    const refuse = (why: string) =>
      new OpsdeckError('CONFLICT', `Change ${changeId} cannot be undone: ${why}. Nothing was changed.`);
    if (!mapping) throw refuse('the package is not sold any more');
    if (mapping.version !== found.after.version) throw refuse('the package was changed since');
    if (!(await markUndone(tx, changeId, deps.actor, deps.clock.now())))
      throw refuse('it was undone already');
    const { version: _version, ...before } = found.before;
    const [taken] = (await mappingsOf(tx, before.resellerId)).filter((one) => one.id !== mapping.id);
    if (taken) throw refuse(`${before.resellerId} is sold as number ${taken.id} now`);
    await updateMapping(tx, mapping.id, before, deps.clock.now());
    await audit(tx, deps, 'my-package.undo', mapping.id, stateOf(mapping), before);
    await finish(tx, deps, [mapping.id]);
    return (await readMapping(tx, mapping.id))!;
  });
}

/** A transaction whose refusal by the guard against duplicates is told in words. */
export async function inTransaction<T>(deps: ChangeDeps, work: (tx: Transaction) => Promise<T>): Promise<T> {
  try {
    return await deps.database.transaction(work);
  } catch (error) {
    const { code, constraint } = error as { code?: unknown; constraint?: unknown };
    if (code !== '23505' || !String(constraint).startsWith('my_packages_one_per')) throw error;
    throw new OpsdeckError(
      'CONFLICT',
      'The office sells that already: the same package, or one with the same country, data, days and price. Nothing was changed.',
      { cause: error },
    );
  }
}

/** Locks a mapping in the version that was looked at. */
export async function lockVersion(
  tx: Transaction,
  asked: { id: number; version: number },
): Promise<MappingRow> {
  const [mapping] = await lockMappings(tx, [asked.id]);
  if (!mapping) throw noSuchMapping(asked.id);
  if (mapping.version === asked.version) return mapping;
  throw new OpsdeckError(
    'CONFLICT',
    `Package ${asked.id} was changed meanwhile. Look at it as it is now, then change it again.`,
  );
}

/** The last writes of a change: what is valid now, and the change entry. */
export async function finish(tx: Transaction, deps: ChangeDeps, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    const mapping = await readMapping(tx, id);
    if (!mapping) continue;
    const verdict = checkMapping(mapping, await readPackage(tx, mapping.resellerId));
    const finding = { id, version: mapping.version, resellerId: mapping.resellerId, verdict };
    await storeFindings(tx, [finding], deps.clock.now());
  }
  await appendChange(tx, 'packages', { what: 'mine', ...(ids.length <= 200 ? { ids: [...ids] } : {}) });
}

/** A mapping as changes keep it. */
export function stateOf(mapping: MappingRow): MappingState {
  const { version, resellerId, name, countryCode, region, place, dataMb, unlimited, days, price } = mapping;
  const { calls, sms, hotspot, throttle, visible } = mapping;
  return {
    ...{ version, resellerId, name, countryCode, region, place, dataMb, unlimited, days, price },
    ...{ calls, sms, hotspot, throttle, visible },
  };
}

export function audit(
  tx: Transaction,
  deps: ChangeDeps,
  action: string,
  target: number | string,
  before: unknown,
  after: unknown,
  note?: string,
): Promise<number> {
  const { actor, console } = deps;
  return appendAudit(tx, {
    at: deps.clock.now(),
    actor,
    console,
    action,
    target: String(target),
    note,
    before,
    after,
  });
}

function givenOf(patch: MappingPatch): { name?: string; price?: number | null; visible?: boolean } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
