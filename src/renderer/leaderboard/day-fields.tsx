import { Popover, Text } from '@mantine/core';
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DayInput } from '../ui/day-input.tsx';
import css from './leaderboard.module.css';
import { problemOfDays } from './read-days.ts';

/** The period's days as fields: they follow what is shown, and choosing other days asks for those. */
export function DayFields(props: {
  from: string;
  to: string;
  onChoose: (period: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [days, setDays] = useState({ from: props.from, to: props.to });
  useEffect(() => setDays({ from: props.from, to: props.to }), [props.from, props.to]);
  const group = useRef<HTMLDivElement>(null);
  const problem = problemOfDays(days.from, days.to);
  const isOther = days.from !== props.from || days.to !== props.to;
  const settle = (): void => {
    if (!isOther) return;
    if (problem === null) props.onChoose(`${days.from}..${days.to}`);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') settle();
    if (event.key === 'Escape') setDays({ from: props.from, to: props.to });
  };
  /** Leaving one field for the other is not the end of choosing. */
  const onBlur = (event: FocusEvent): void => {
    if (group.current?.contains(event.relatedTarget) !== true) settle();
  };
  // Only what is wrong for certain is told while a person still writes.
  const told = isOther && problem !== null && problem !== 'missing' ? problem : null;
  const field = (side: 'from' | 'to'): ReactNode => (
    <DayInput
      size="xs"
      w={132}
      min="2000-01-01"
      max="2100-12-31"
      aria-label={t(`leaderboard.${side}`)}
      value={days[side]}
      error={told !== null}
      aria-describedby={told === null ? undefined : 'days-problem'}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
      onChange={(event) => setDays({ ...days, [side]: event.currentTarget.value })}
    />
  );
  return (
    <Popover opened={told !== null} position="bottom" shadow="sm" withArrow>
      <Popover.Target>
        <div ref={group} className={css.fields} role="group" aria-label={t('leaderboard.custom')}>
          {field('from')}
          <span aria-hidden>–</span>
          {field('to')}
        </div>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="xs" id="days-problem" role="alert">
          {told === null ? '' : t(`leaderboard.problem.${told}`)}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
