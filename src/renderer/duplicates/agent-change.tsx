import type { ReactNode } from 'react';
import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { Name } from '../ui/figures.tsx';
import css from './duplicates.module.css';

/** The agent of a case; both, where upstream gives the sale to another. Each keeps its share of the width. */
export function AgentChange({ of }: { of: Pick<PendingDuplicate, 'existing' | 'incoming'> }): ReactNode {
  const { existing, incoming } = of;
  return (
    <span className={css.agents}>
      {existing === null || existing.user_id === incoming.user_id ? null : (
        <>
          <Name value={existing.agent} />
          <span>→</span>
        </>
      )}
      <Name value={incoming.agent} />
    </span>
  );
}
