import { Checkbox } from '@mantine/core';
import { IconEqualNot } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  duplicateField,
  type DuplicateField,
  type DuplicateSide,
  type PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import { Age, Name } from '../ui/figures.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { useFormat } from '../ui/use-format.ts';
import { fieldValue } from './duplicate-words.ts';
import css from './duplicates.module.css';

/** Both sides of a case, field by field, what differs marked; while merging, each new value can be chosen. */
export function Comparison(props: {
  duplicate: PendingDuplicate;
  merging?: readonly DuplicateField[] | null;
  onToggle?: (field: DuplicateField) => void;
  existingLabel?: string;
}): ReactNode {
  const { duplicate } = props;
  const { t } = useTranslation();
  const merging = props.merging ?? null;
  return (
    <table className={css.comparison}>
      <thead>
        <tr>
          <th scope="col" aria-label={t('duplicates.sideField')} />
          <th scope="col">{props.existingLabel ?? t('duplicates.existing')}</th>
          <th scope="col" className={css.markColumn} aria-label={t('duplicates.differs')} />
          <th scope="col">{t('duplicates.incoming')}</th>
        </tr>
      </thead>
      <tbody>
        {duplicateField.options.map((field, i) => {
          const differs = duplicate.existing !== null && duplicate.differs.includes(field);
          return (
            <tr key={field} data-differs={differs}>
              <th scope="row">{t(`duplicates.field.${field}`)}</th>
              <td>
                <Value field={field} side={duplicate.existing} />
              </td>
              <td className={css.markColumn}>
                {differs && merging !== null ? (
                  <Checkbox
                    size="xs"
                    checked={merging.includes(field)}
                    onChange={() => props.onToggle?.(field)}
                    aria-label={t('duplicates.merge.take', { field: t(`duplicates.field.${field}`) })}
                    label={<KeyHint>{i + 1}</KeyHint>}
                  />
                ) : differs ? (
                  <IconEqualNot size={16} aria-label={t('duplicates.differs')} />
                ) : null}
              </td>
              <td data-taken={merging?.includes(field) === true}>
                <Value field={field} side={duplicate.incoming} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Value({ field, side }: { field: DuplicateField; side: DuplicateSide | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (side === null) return field === 'agent' ? <span>{t('duplicates.noEarlier')}</span> : <span>–</span>;
  const more = moreOf(field, side);
  return (
    <span className={css.value}>
      <Name value={fieldValue(field, side, t, format)} />
      {more === null ? null : <span className={css.more}>{more}</span>}
    </span>
  );

  /** What stands beside a value: the agent's group, how old an order is and how its date is known. */
  function moreOf(of: DuplicateField, from: DuplicateSide): ReactNode {
    if (of === 'agent') return from.group === null ? t('duplicates.group.none') : <Name value={from.group} />;
    if (of !== 'order_date') return null;
    if (from.order_date_source === 'day') return t('duplicates.onlyDay');
    if (from.order_date_source === 'fallback') return t('duplicates.fallbackDate');
    return <Age at={from.order_date} />;
  }
}
