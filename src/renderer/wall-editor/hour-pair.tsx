import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Hours {
  readonly from: string;
  readonly to: string;
}

const quarters = Array.from({ length: 96 }, (_, quarter) => {
  const hour = String(Math.floor(quarter / 4)).padStart(2, '0');
  return `${hour}:${String((quarter % 4) * 15).padStart(2, '0')}`;
});

/** A time of the day; one between the quarters, set by hand in the file, stays to be seen and chosen. */
export function TimeSelect(props: {
  label: string;
  value: string;
  disabled?: boolean;
  onChange: (time: string) => void;
}): ReactNode {
  return (
    <Select
      size="xs"
      aria-label={props.label}
      data={[...new Set([...quarters, props.value])].sort()}
      value={props.value}
      allowDeselect={false}
      disabled={props.disabled ?? false}
      onChange={(time) => time !== null && props.onChange(time)}
    />
  );
}

/** From one time of the day to another. */
export function HourPair(props: {
  hours: Hours | null;
  usual: Hours;
  onChange: (hours: Hours) => void;
}): ReactNode {
  const { t } = useTranslation();
  const shown = props.hours ?? props.usual;
  const disabled = props.hours === null;
  return (
    <>
      <TimeSelect
        label={t('wallWindow.quiet.from')}
        value={shown.from}
        disabled={disabled}
        onChange={(from) => props.onChange({ ...shown, from })}
      />
      <span aria-hidden>–</span>
      <TimeSelect
        label={t('wallWindow.quiet.to')}
        value={shown.to}
        disabled={disabled}
        onChange={(to) => props.onChange({ ...shown, to })}
      />
    </>
  );
}
