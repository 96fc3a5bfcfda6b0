import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';

/** A case passed over within a second is not looked at; a claim lasts two minutes and is renewed every one. */
const settleMs = 1_000;
const renewMs = 60_000;
/** A claim that runs out is not told, so one that is shown is asked for again. */
const lookAgainMs = 30_000;

/** Tells the others which case is before this person, for as long as it is. Without the database nobody is told. */
export function useClaim(): void {
  const { api, queue } = useServices();
  const id = useStore(queue, (state) => state.chosen?.id ?? null);
  useEffect(() => (id === null ? undefined : holdClaim(api, id, () => document.hidden)), [api, id]);
  // The next claim gives this one back; only leaving the queue has to say so.
  useEffect(() => () => releaseClaim(api), [api]);
}

/** What a claim asks of main. */
type Claims = Pick<ReturnType<typeof useServices>['api'], 'client'>;

/** Claims a case that is looked at for a second, and again every minute, while the window is seen; answers how to end. */
export function holdClaim(api: Claims, id: number, isHidden: () => boolean): () => void {
  const claim = () => {
    if (isHidden()) return;
    void api
      .client()
      .then((client) => client.duplicates.claim({ id }))
      .then(ignore, ignore);
  };
  let renewing: ReturnType<typeof setInterval> | undefined;
  const settling = setTimeout(() => {
    claim();
    renewing = setInterval(claim, renewMs);
  }, settleMs);
  return () => {
    clearTimeout(settling);
    clearInterval(renewing);
  };
}

/** Gives back whatever this console has claimed. */
export function releaseClaim(api: Claims): void {
  void api
    .client()
    .then((client) => client.duplicates.release())
    .then(ignore, ignore);
}

function ignore(): void {}

/** Who else has this case before them; null when nobody has. */
export function useOtherLooker(id: number): string | null {
  const { claims } = useServices();
  const other = useStore(
    claims,
    ({ data }) => data?.claims.find((claim) => claim.id === id && !claim.mine)?.actor ?? null,
  );
  useEffect(() => (other === null ? undefined : lookAgain(() => void claims.reload())), [claims, other]);
  return other;
}

/** Looks again until told to end: a claim that runs out tells nobody. */
export function lookAgain(look: () => void): () => void {
  const looking = setInterval(look, lookAgainMs);
  return () => clearInterval(looking);
}
