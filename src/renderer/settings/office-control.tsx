import { Autocomplete, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { createFormat, isZone } from '../i18n/format.ts';
import { useFromClock } from '../office-clock.ts';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';
import type { Entry, OfficeField } from './office-fields.ts';
import css from './settings.module.css';

interface ControlProps {
  readonly id: string;
  readonly spec: OfficeField;
  readonly entry: Entry;
  readonly disabled: boolean;
  readonly error?: string;
  readonly onChange: (entry: Entry) => void;
}

const zones = Intl.supportedValuesOf('timeZone');

/** The control that fits a setting's kind. */
export function OfficeControl(props: ControlProps): ReactNode {
  const { id, spec, entry, disabled, onChange } = props;
  const { t } = useTranslation();
  const { field } = spec;
  const common = {
    id,
    disabled,
    size: 'xs',
    'aria-describedby': `${id}-help`,
    ...(props.error === undefined ? {} : { error: props.error }),
  };
  switch (field.kind) {
    case 'switch':
      return (
        <Switch
          id={id}
          disabled={disabled}
          checked={entry === true}
          label={t(entry === true ? 'settings.on' : 'settings.off')}
          aria-label={t(`settings.field.${spec.key}.label`)}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <SegmentedControl
          id={id}
          fullWidth
          size="xs"
          disabled={disabled}
          aria-label={t(`settings.field.${spec.key}.label`)}
          value={String(entry)}
          data={[...field.of]}
          onChange={onChange}
        />
      );
    case 'zone':
      return (
        <>
          <Autocomplete
            {...common}
            value={String(entry)}
            data={zones}
            limit={60}
            placeholder={field.optional ? t('settings.sameAsOffice') : ''}
            onChange={onChange}
          />
          <ZoneTime zone={String(entry)} />
        </>
      );
    case 'whole':
    case 'share':
      return (
        <TextInput
          {...common}
          inputMode="numeric"
          value={String(entry)}
          rightSection={<span className={css.unit}>{t(`settings.unit.${field.unit}`)}</span>}
          rightSectionWidth={72}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'url':
    case 'text':
      return (
        <TextInput
          {...common}
          value={String(entry)}
          placeholder={t('settings.none')}
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

/** What time it is there, so that a wrong zone is seen before it is saved. */
function ZoneTime({ zone }: { zone: string }): ReactNode {
  const { t } = useTranslation();
  const { clock } = useServices();
  const { language } = useFormat();
  const known = isZone(zone);
  const format = useMemo(() => createFormat(language, known ? zone : 'UTC'), [language, known, zone]);
  const time = useFromClock(clock, (now) => format.time(new Date(now)));
  return known ? <div className={css.below}>{t('settings.timeThere', { time })}</div> : null;
}
