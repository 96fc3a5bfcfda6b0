import { useStore } from 'zustand';
import type { WaitingKind } from './navigation.ts';
import { packagesWaiting } from './packages/packages-store.ts';
import { useResource, useServices } from './services.ts';

/** How much of each kind waits for a person; null where it is not known yet. */
export function useWaitingCounts(): Readonly<Record<WaitingKind, number | null>> {
  const { queue, held, rejected } = useServices();
  return {
    duplicates: useStore(queue.list.rows, (state) => state.extra),
    held: useStore(
      held,
      ({ data }) => data?.filter((hold) => hold.state === 'held' || hold.state === 'accepted').length ?? null,
    ),
    rejected: useStore(rejected, (state) => state.extra?.total ?? null),
  };
}

/** How much of packages waits for a person; null where it is not known yet. */
export function usePackagesWaiting(): number | null {
  const { packages } = useServices();
  const state = useResource(packages.state).data;
  const health = useResource(packages.health).data;
  const needy = useResource(packages.needy).data;
  return packagesWaiting(state, health, needy);
}
