import { Button } from '@mantine/core';
import { IconSeedling, IconStarFilled, IconTrendingUp } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FairFacts } from '../../shared/contract/boards.ts';
import { countNamed, markBoard, type FairMarks } from '../../shared/fair-board.ts';
import css from './parts.module.css';
import type { RankedRow } from './sort-board.ts';
import { useFormat } from './use-format.ts';

export interface FairBoard {
  readonly rows: readonly RankedRow[];
  readonly marks: ReadonlyMap<string, FairMarks>;
  /** Says how many are not named, and names them where a person asks. */
  readonly rest: ReactNode;
}

const nobody: ReadonlyMap<string, FairMarks> = new Map();

/** The rows of a board in order of their places, without the last ones where the office hides them, and their marks. */
export function useFairBoard(ranked: readonly RankedRow[], facts: FairFacts | null): FairBoard {
  const [all, setAll] = useState(false);
  const marks = useMemo(() => (facts === null ? nobody : markBoard(ranked, facts)), [ranked, facts]);
  const named = useMemo(() => namedOf(ranked, facts), [ranked, facts]);
  const hidden = ranked.length - named.length;
  return {
    rows: all ? ranked : named,
    marks,
    rest: hidden === 0 ? null : <Rest hidden={hidden} all={all} onChange={setAll} />,
  };
}

/** The rows that are named. */
export function namedOf(ranked: readonly RankedRow[], facts: FairFacts | null): readonly RankedRow[] {
  const named = countNamed(
    ranked.map(({ rank }) => rank),
    facts?.hide_last ?? 0,
  );
  return named === ranked.length ? ranked : ranked.slice(0, named);
}

function Rest(props: { hidden: number; all: boolean; onChange: (all: boolean) => void }): ReactNode {
  const { t } = useTranslation();
  const { hidden, all } = props;
  return (
    <p className={css.rest}>
      {all ? null : <span>{t('fair.rest', { count: hidden })}</span>}
      <Button size="compact-xs" variant="subtle" onClick={() => props.onChange(!all)}>
        {t(all ? 'fair.showFewer' : 'fair.showAll')}
      </Button>
    </p>
  );
}

/** An agent's marks as small signs; each says in words what it means. */
export function FairSigns({ marks }: { marks: FairMarks | undefined }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (marks === undefined) return null;
  const sign = (words: string, icon: ReactNode): ReactNode => (
    <span className={css.sign} role="img" aria-label={words} title={words}>
      {icon}
    </span>
  );
  const { best, rise, rookie } = marks;
  return (
    <>
      {best === null
        ? null
        : sign(t('fair.bestBefore', { best: format.number(best) }), <IconStarFilled size={13} />)}
      {rise === null
        ? null
        : sign(t('fair.improved', { rise: format.number(rise) }), <IconTrendingUp size={14} />)}
      {rookie ? sign(t('fair.rookie'), <IconSeedling size={14} />) : null}
    </>
  );
}
