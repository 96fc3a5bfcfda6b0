import { implement, ORPCError } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { PackagesProgress } from '../../../src/shared/contract/catalogue.ts';
import type {
  Alternative,
  InvalidPackage,
  MappingChange,
  MyPackage,
} from '../../../src/shared/contract/my-packages.ts';
import { createHub } from './hub.ts';
import {
  catalogueRun,
  makeChanges,
  makeHealthOf,
  makeMine,
  makeOffered,
  makeOrders,
  sizesOf,
} from './make-packages.ts';
import { ago, type Scenario } from './scenarios.ts';

interface Page {
  limit: number;
  offset: number;
}
const cut = <T>(all: readonly T[], { limit, offset }: Page): T[] => all.slice(offset, offset + limit);

/** Packages of an office that sells none, fifty or eleven thousand. */
export function createFakePackages(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract).packages;
  const sizes = sizesOf(scenario);
  let mine = Array.from({ length: sizes.mine }, (_, i) => makeMine(i, scenario));
  const offers = Array.from({ length: sizes.catalogue }, (_, i) => makeOffered(i, scenario));
  const moved = makeChanges(scenario, sizes.mine === 0 ? 0 : sizes.mine > 50 ? 4_000 : 77);
  const orders = makeOrders(scenario, sizes.mine === 0 ? 0 : 24);
  const progress = createHub<PackagesProgress>();
  const hold = {
    ...{ id: 9, state: 'held' as const, reason: 'half' as const, count: 6_200, of_packages: 11_000 },
    ...{ held_at: ago(30_000), updated_at: ago(1_200) },
  };
  const none = () => {
    throw new ORPCError('NOT_FOUND', { message: 'The preview has no such package.' });
  };
  const health = () => makeHealthOf(mine);
  const done = (at: string): MappingChange[] =>
    mine.slice(0, 12).map((one, i) => ({
      ...{ id: i + 1, my_package_id: one.id, name: one.name, action: i % 2 ? 'edit' : 'accept' },
      from_reseller_id: one.reseller_id,
      to_reseller_id: i % 2 ? one.reseller_id : offers[i + 6]!.reseller_id,
      ...{ words: 'price: 12', actor: 'anna', at, undone_at: i === 4 ? at : null, undoable: i !== 4 },
    }));
  const found = (search: string | undefined, text: string) =>
    (search ?? '').split(' ').every((word) => text.toLowerCase().includes(word.toLowerCase()));

  return {
    state: os.state.handler(() =>
      answer(() => ({
        ...{ configured: true, missing: [], sandbox: true, active: sizes.catalogue, retired: 214 },
        last_run: sizes.mine === 0 ? null : catalogueRun,
        last_complete_at: sizes.mine === 0 ? null : ago(29_996),
        running:
          scenario === 'syncing'
            ? {
                ...{ run_id: 41, stage: 'reading' as const, packages: 0, waiting_for: null },
                cancellable: true,
              }
            : null,
        ...{ next_pass_at: ago(-40_000), next_validation_at: ago(-41_800) },
        held: scenario === 'waiting' ? hold : null,
      })),
    ),
    health: os.health.handler(() => answer(health)),
    sync: os.sync.handler(() => ({ started: true })),
    cancel: os.cancel.handler(() => ({ cancelled: true })),
    progress: os.progress.handler(async function* () {
      yield* progress.listen();
    }),
    runs: os.runs.handler(() => [catalogueRun]),
    held: os.held.handler(({ input }) => ({ packages: cut(offers, input), count: hold.count })),
    decideHeld: os.decideHeld.handler(({ input }) => ({
      ...{ id: input.id, state: 'done', retired: hold.count, kept: 0 },
    })),
    diff: os.diff.handler(({ input }) =>
      answer(() => {
        const of = (change: string) => moved.filter((one) => one.change === change).length;
        const shown = moved.filter((one) => input.change === undefined || one.change === input.change);
        return {
          run: moved.length === 0 ? null : catalogueRun,
          counts: {
            ...{ new: of('new'), retired: of('retired'), returned: of('returned') },
            ...{ repriced: of('repriced'), changed: of('changed') },
          },
          ...{ changes: cut(shown, input), count: shown.length },
        };
      }),
    ),
    catalogue: os.catalogue.handler(({ input }) =>
      answer(() => {
        const shown = offers.filter(
          (one) =>
            input.status !== 'retired' &&
            found(input.search, `${one.name} ${one.reseller_id}`) &&
            (input.geography === undefined || input.geography === one.geography),
        );
        const numbered = cut(shown, input).map((one) => ({
          ...one,
          mine: mine.find((sold) => sold.reseller_id === one.reseller_id)?.id ?? null,
        }));
        return { packages: numbered, count: shown.length };
      }),
    ),
    places: os.places.handler(() => []),
    history: os.history.handler(({ input }) => {
      const offered = offers.find((one) => one.reseller_id === input.reseller_id) ?? none();
      return { package: offered, changes: moved.slice(0, 3) };
    }),
    mine: os.mine.handler(({ input }) =>
      answer(() => {
        const shown = mine.filter((one) => {
          const is = one.validation === null ? 'unchecked' : one.validation.valid ? 'valid' : 'invalid';
          const fits =
            input.status === 'all' || (input.status === 'hidden' ? !one.visible : input.status === is);
          return fits && found(input.search, `${one.name ?? ''} ${one.reseller_id}`);
        });
        return { packages: cut(shown, input), count: shown.length };
      }),
    ),
    add: os.add.handler(() => mine[0] ?? none()),
    edit: os.edit.handler(({ input }) => {
      const { name, price, visible } = input.patch;
      const given = {
        ...(name === undefined ? {} : { name }),
        ...(price === undefined ? {} : { price }),
        ...(visible === undefined ? {} : { visible }),
      };
      mine = mine.map((one) =>
        one.id === input.id ? { ...one, ...given, version: one.version + 1, validation: null } : one,
      );
      return mine.find((one) => one.id === input.id) ?? none();
    }),
    show: os.show.handler(({ input }) => ({ changed: input.packages.map(({ id }) => id), refused: [] })),
    remove: os.remove.handler(() => ({ removed: true })),
    importCsv: os.importCsv.handler(({ input }) => ({
      ...{ dry_run: input.dry_run, added: 2, changed: 1, skipped: 1, refused: 1, applied: false },
      lines: (['refuse', 'add', 'add', 'change', 'skip'] as const).map((action, i) => ({
        ...{ line: i + 2, reseller_id: offers[i]?.reseller_id ?? 'esim', action },
        problems: action === 'refuse' ? ['The catalogue has no such package.'] : [],
      })),
    })),
    exportCsv: os.exportCsv.handler(() => ({ path: '/home/anna/my-packages.csv', rows: mine.length })),
    validate: os.validate.handler(health),
    check: os.check.handler(none),
    clearCache: os.clearCache.handler(() => ({ cleared: mine.length })),
    invalid: os.invalid.handler(({ input }) =>
      answer(() => {
        const shown = mine.flatMap((one) => (one.validation?.reason ? [invalidOf(one)] : []));
        const fits = shown.filter(
          (one) =>
            (input.reason === undefined || one.reason === input.reason) &&
            found(input.search, `${one.package.name ?? ''}`),
        );
        return { invalid: cut(fits, input), count: fits.length };
      }),
    ),
    alternatives: os.alternatives.handler(({ input }) => alternativesOf(input.id)),
    autoFix: os.autoFix.handler(({ input }) => ({
      dry_run: input.dry_run,
      fixed: mine.slice(0, 2).map((one, i) => ({
        ...{ my_package_id: one.id, from: one.reseller_id, to: offers[i + 6]!.reseller_id, words: '' },
      })),
      ...{ proposed: 3, left: 1 },
    })),
    proposals: os.proposals.handler(() => ({ proposals: [], count: 0 })),
    decideProposals: os.decideProposals.handler(({ input }) => ({
      ...{ decided: input.proposals.map(({ id }) => id), refused: [] },
    })),
    replace: os.replace.handler(() => mine[0] ?? none()),
    changes: os.changes.handler(({ input }) =>
      answer(() => ({ changes: cut(done(ago(7_200)), input), count: done('').length })),
    ),
    undo: os.undo.handler(() => mine[0] ?? none()),
    deduplicate: os.deduplicate.handler(({ input }) =>
      answer(() => ({
        ...{ id: null, dry_run: input.dry_run },
        ...(mine.length === 0
          ? { removed: 0, reseller_id_duplicates: 0, combination_duplicates: 0, sets: [] }
          : {
              ...{ removed: 3, reseller_id_duplicates: 1, combination_duplicates: 2 },
              sets: [
                {
                  ...{ level: 'reseller-id' as const, kept: mine[0]!, removed: [mine[1]!] },
                  why: 'Number 1 has the most filled in.',
                },
                {
                  ...{ level: 'combination' as const, kept: mine[2]!, removed: [mine[3]!, mine[4]!] },
                  why: 'Number 3 was changed last.',
                },
              ],
            }),
      })),
    ),
    undoDeduplicate: os.undoDeduplicate.handler(() => ({ restored: 4 })),
    lastDeduplication: os.lastDeduplication.handler(() =>
      mine.length === 0 ? null : { id: 1, at: ago(90_000), actor: 'anna', removed: 4, undone_at: null },
    ),
    order: os.order.handler(() => orders[0] ?? none()),
    lookUpOrder: os.lookUpOrder.handler(() => orders[0] ?? none()),
    orders: os.orders.handler(({ input }) =>
      answer(() => {
        const shown = orders.filter(
          (one) =>
            (input.state === undefined || input.state === one.state) && found(input.search, one.reference_id),
        );
        return { orders: cut(shown, input), count: shown.length };
      }),
    ),
  };

  function alternativesOf(id: number): Alternative[] {
    return [6, 12, 18, 5].map((step, i) => ({
      package: offers[(id + step) % offers.length]!,
      nearness: (['place', 'place', 'country', 'global'] as const)[i]!,
      equivalent: i === 0,
      differences:
        i === 0
          ? []
          : [
              { field: 'data' as const, from: 3_072, to: 1_024, words: '' },
              { field: 'price' as const, from: 6, to: 7.5 + i, words: '' },
              ...(i === 3 ? [{ field: 'place' as const, from: 'sweden', to: 'global', words: '' }] : []),
            ],
      words: '',
    }));
  }

  function invalidOf(one: MyPackage): InvalidPackage {
    const { reason, detail, checked_at: at } = one.validation!;
    const [, other] = alternativesOf(one.id);
    return {
      ...{ package: one, reason: reason!, detail, checked_at: at },
      proposal:
        one.id % 2 === 0
          ? {
              ...{ id: one.id, my_package_id: one.id, from_reseller_id: one.reseller_id },
              kind: reason === 'differs' || reason === 'mis-united' ? 'correct' : 'swap',
              to_reseller_id: other!.package.reseller_id,
              ...{ differences: other!.differences, words: '', status: 'pending', version: 1 },
              ...{ created_at: at, decided_at: null, decided_by: null },
            }
          : null,
    };
  }
}
