import { useCallback, useEffect, useRef, useState } from 'react';
import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';
import { decideMany, gatherAlike, undoMany, type ManyResult } from './decide-many.ts';
import type { Choice } from './decisions.ts';

const nothing: ManyResult = { decided: [], refused: [], left: 0, failure: null };

/** Where work on many cases is. */
export type BulkStep =
  | { readonly kind: 'gathering'; readonly read: number; readonly of: number }
  | { readonly kind: 'choosing'; readonly cases: readonly PendingDuplicate[] }
  | {
      readonly kind: 'working';
      readonly of: 'running' | 'undoing';
      readonly done: number;
      readonly all: number;
    }
  | {
      readonly kind: 'ended';
      readonly of: 'running' | 'undoing';
      readonly result: ManyResult;
      readonly cases: readonly PendingDuplicate[];
    };

export interface Bulk {
  readonly step: BulkStep;
  decide(choice: Choice): void;
  undo(): void;
  /** Ends what is under way after the present call; what was done stays done. */
  stop(): void;
}

/** Gathers the cases alike one, and decides or undoes them together. */
export function useBulk(like: PendingDuplicate): Bulk {
  const { api, queue } = useServices();
  const [step, setStep] = useState<BulkStep>({ kind: 'gathering', read: 0, of: 0 });
  const abort = useRef(new AbortController());

  useEffect(() => {
    const mine = new AbortController();
    abort.current = mine;
    const gather = async (): Promise<void> => {
      try {
        const { duplicates } = await api.client();
        const cases = await gatherAlike((page) => duplicates.pending(page), like, {
          signal: mine.signal,
          onProgress: (read, of) => {
            if (!mine.signal.aborted) setStep({ kind: 'gathering', read, of });
          },
        });
        setStep({ kind: 'choosing', cases });
      } catch (error) {
        const result = { ...nothing, failure: failureOf(error) };
        setStep({ kind: 'ended', of: 'running', result, cases: [] });
      }
    };
    void gather();
    return () => mine.abort();
  }, [api, like]);

  const decide = useCallback(
    (choice: Choice): void => {
      if (step.kind !== 'choosing') return;
      const { cases } = step;
      const { signal } = (abort.current = new AbortController());
      const told = (result: ManyResult): void => {
        setStep({ kind: 'working', of: 'running', done: cases.length - result.left, all: cases.length });
      };
      told({ ...nothing, left: cases.length });
      const run = async (): Promise<void> => {
        const { duplicates } = await api.client();
        const result = await decideMany((input) => duplicates.resolveMany(input), cases, choice, {
          signal,
          onProgress: told,
        });
        const decided = new Set(result.decided.map((one) => one.id));
        queue.leaveOut(cases.filter((one) => decided.has(one.id)));
        setStep({ kind: 'ended', of: 'running', result, cases });
      };
      void run();
    },
    [api, queue, step],
  );

  const undo = useCallback((): void => {
    if (step.kind !== 'ended') return;
    const { cases, result: before } = step;
    const all = before.decided.length;
    const { signal } = (abort.current = new AbortController());
    const told = (result: ManyResult): void =>
      setStep({ kind: 'working', of: 'undoing', done: all - result.left, all });
    told({ ...nothing, left: all });
    const run = async (): Promise<void> => {
      const { duplicates } = await api.client();
      const result = await undoMany((input) => duplicates.undo(input), before.decided, {
        signal,
        onProgress: told,
      });
      void queue.list.rows.reload();
      setStep({ kind: 'ended', of: 'undoing', result, cases });
    };
    void run();
  }, [api, queue, step]);

  return { step, decide, undo, stop: () => abort.current.abort() };
}
