import { Button, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { historyFilter } from '../../shared/contract/duplicates.ts';
import { useServices } from '../services.ts';
import { DayInput } from '../ui/day-input.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import css from './duplicates.module.css';
import type { ExportHistory } from './use-export-history.ts';

const resolutions = historyFilter.shape.resolution.unwrap().options;

/** What of the history is shown: decision and days; and saving exactly what is shown. */
export function HistoryFilters({ save }: { save: ExportHistory }): ReactNode {
  const { t } = useTranslation();
  const { history } = useServices();
  const filter = useStore(history, (state) => state.filter);
  const day = (of: 'from' | 'to'): ReactNode => (
    <DayInput
      size="xs"
      w={128}
      aria-label={t(`duplicates.history.${of}`)}
      title={t(`duplicates.history.${of}`)}
      value={filter[of] ?? ''}
      {...(of === 'from' ? { max: filter.to } : { min: filter.from })}
      onChange={(event) => history.ask({ [of]: event.currentTarget.value })}
    />
  );
  return (
    <div className={css.tools}>
      <Select
        size="xs"
        w={140}
        data={resolutions.map((value) => ({ value, label: t(`duplicates.resolution.${value}`) }))}
        value={filter.resolution ?? null}
        onChange={(value) => history.ask({ resolution: resolutions.find((one) => one === value) })}
        placeholder={t('duplicates.history.all')}
        aria-label={t('duplicates.history.resolution')}
        clearable
      />
      {day('from')}
      <span aria-hidden>–</span>
      {day('to')}
      <Button
        size="xs"
        variant="default"
        className={css.whole}
        leftSection={<IconDownload size={15} aria-hidden />}
        rightSection={<KeyHint>e</KeyHint>}
        loading={save.running}
        onClick={() => void save.start()}
      >
        {t('duplicates.history.export')}
      </Button>
    </div>
  );
}
