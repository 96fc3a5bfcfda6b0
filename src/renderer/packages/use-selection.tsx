import { Checkbox } from '@mantine/core';
import { useCallback, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Selection<T> {
  readonly rows: ReadonlyMap<number, T>;
  toggle(id: number, row: T): void;
  clear(): void;
}

/** Rows a person marked, as they were when marked: their versions are what a change of many is checked against. */
export function useSelection<T>(): Selection<T> {
  const [rows, setRows] = useState<ReadonlyMap<number, T>>(new Map());
  const toggle = useCallback((id: number, row: T) => {
    setRows((former) => {
      const next = new Map(former);
      if (!next.delete(id)) next.set(id, row);
      return next;
    });
  }, []);
  const clear = useCallback(() => setRows(new Map()), []);
  return { rows, toggle, clear };
}

/** The mark of one row; pressing it does not choose the row. */
export function Mark(props: { name: string; checked: boolean; onToggle: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <span onClick={(event) => event.stopPropagation()} role="presentation">
      <Checkbox
        size="xs"
        checked={props.checked}
        onChange={props.onToggle}
        aria-label={t('packages.mark', { name: props.name })}
      />
    </span>
  );
}
