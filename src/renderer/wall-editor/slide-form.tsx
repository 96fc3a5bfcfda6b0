import { NumberInput, SegmentedControl, Select, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  slideSeconds,
  wallFigures,
  wallMetrics,
  wallPeriods,
  wallSides,
  weekdays,
  type WallSlide,
} from '../../shared/contract/wall-plan.ts';
import { toggleDay } from './edit-slides.ts';
import { Field } from './field.tsx';
import { HourPair } from './hour-pair.tsx';
import { dayNames } from './slide-words.ts';
import css from './wall-editor.module.css';

interface FormProps {
  readonly slide: WallSlide;
  readonly onChange: (slide: WallSlide) => void;
}

/** What the chosen slide shows, for how long, and when. */
export function SlideForm({ slide, onChange }: FormProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={css.form}>
      <What slide={slide} onChange={onChange} />
      <Field label={t('wallEditor.seconds')}>
        <NumberInput
          size="xs"
          aria-label={t('wallEditor.seconds')}
          min={slideSeconds.min}
          max={slideSeconds.max}
          step={5}
          clampBehavior="blur"
          allowDecimal={false}
          suffix=" s"
          value={slide.seconds}
          onChange={(seconds) => {
            if (typeof seconds !== 'number') return;
            if (seconds >= slideSeconds.min && seconds <= slideSeconds.max) onChange({ ...slide, seconds });
          }}
        />
      </Field>
      <Field label={t('wallEditor.hours')}>
        <div className={css.hours}>
          <Switch
            aria-label={t('wallEditor.hours')}
            checked={slide.hours !== null}
            onChange={(event) =>
              onChange({
                ...slide,
                hours: event.currentTarget.checked ? { from: '08:00', to: '17:00' } : null,
              })
            }
          />
          <HourPair
            hours={slide.hours}
            usual={{ from: '08:00', to: '17:00' }}
            onChange={(hours) => onChange({ ...slide, hours })}
          />
        </div>
      </Field>
      <Days slide={slide} onChange={onChange} />
    </div>
  );
}

function What({ slide, onChange }: FormProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {'period' in slide && (
        <Field label={t('wallEditor.period')}>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('wallEditor.period')}
            value={slide.period}
            data={(slide.kind === 'trend' ? (['week', 'month'] as const) : wallPeriods).map((value) => ({
              value,
              label: t(`wall.period.${value}`),
            }))}
            onChange={(period) => onChange({ ...slide, period } as WallSlide)}
          />
        </Field>
      )}
      {slide.kind === 'board' && (
        <>
          <Field label={t('wallEditor.whose')}>
            <SegmentedControl
              size="xs"
              fullWidth
              aria-label={t('wallEditor.whose')}
              value={slide.by}
              data={wallSides.map((value) => ({
                value,
                label: t(`wallEditor.by.${value}`),
              }))}
              onChange={(by) => onChange({ ...slide, by })}
            />
          </Field>
          <Field label={t('wallEditor.order')}>
            <Select
              size="xs"
              aria-label={t('wallEditor.order')}
              allowDeselect={false}
              value={slide.metric}
              data={wallMetrics.map((value) => ({ value, label: t(`wall.${value}`) }))}
              onChange={(metric) => metric && onChange({ ...slide, metric })}
            />
          </Field>
        </>
      )}
      {'figure' in slide && (
        <Field label={t('wallEditor.figure')}>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('wallEditor.figure')}
            value={slide.figure}
            data={wallFigures.map((value) => ({ value, label: t(`wall.${value}`) }))}
            onChange={(figure) => onChange({ ...slide, figure })}
          />
        </Field>
      )}
    </>
  );
}

function Days({ slide, onChange }: FormProps): ReactNode {
  const { t, i18n } = useTranslation();
  const nameOf = dayNames(i18n.language);
  return (
    <Field label={t('wallEditor.days')}>
      <div className={css.days} role="group" aria-label={t('wallEditor.days')}>
        {weekdays.map((day) => (
          <button
            key={day}
            type="button"
            aria-pressed={slide.weekdays.includes(day)}
            onClick={() => onChange({ ...slide, weekdays: toggleDay(slide.weekdays, day) })}
          >
            {nameOf(day)}
          </button>
        ))}
      </div>
    </Field>
  );
}
