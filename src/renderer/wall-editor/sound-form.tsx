import { ActionIcon, Button, Slider, Switch } from '@mantine/core';
import { IconPlus, IconTrash, IconVolume } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { VolumeStep } from '../../shared/contract/wall-plan.ts';
import { useConsoleSettings } from '../settings/use-console-settings.ts';
import { useWallWindow } from '../settings/use-wall-window.ts';
import { Panel } from '../ui/panel.tsx';
import { Field } from './field.tsx';
import { HourPair, TimeSelect } from './hour-pair.tsx';
import css from './wall-editor.module.css';

const mostSteps = 8;
const usualQuiet = { from: '18:00', to: '08:00' };

/** How loud the wall is, when it is not, and how it sounds: tried where it is set. Takes effect at once. */
export function SoundForm(): ReactNode {
  const { t } = useTranslation();
  const { settings, change } = useConsoleSettings();
  const { wallQuiet: quiet } = settings;
  return (
    <>
      <Panel title={t('wallEditor.sound')}>
        <div className={css.form}>
          <Field label={t('wallWindow.volume.label')} help={t('wallWindow.volume.help')}>
            <Volume volume={settings.wallVolume} onChange={(wallVolume) => void change({ wallVolume })} />
          </Field>
          <Field label={t('wallWindow.muted.label')} help={t('wallWindow.muted.help')}>
            <Switch
              aria-label={t('wallWindow.muted.label')}
              checked={settings.wallMuted}
              onChange={(event) => void change({ wallMuted: event.currentTarget.checked })}
            />
          </Field>
          <Field label={t('wallWindow.quiet.label')} help={t('wallWindow.quiet.help')}>
            <div className={css.hours}>
              <Switch
                aria-label={t('wallWindow.quiet.label')}
                checked={quiet !== null}
                onChange={(event) =>
                  void change({ wallQuiet: event.currentTarget.checked ? usualQuiet : null })
                }
              />
              <HourPair
                hours={quiet}
                usual={usualQuiet}
                onChange={(wallQuiet) => void change({ wallQuiet })}
              />
            </div>
          </Field>
        </div>
      </Panel>
      <Volumes
        steps={settings.wallVolumeSteps}
        onChange={(wallVolumeSteps) => void change({ wallVolumeSteps })}
      />
    </>
  );
}

/** The volume, stored when it is let go, and heard where a person wants to. */
function Volume(props: { volume: number; onChange: (volume: number) => void }): ReactNode {
  const { t } = useTranslation();
  const { testSound } = useWallWindow();
  const [volume, setVolume] = useState(props.volume);
  useEffect(() => setVolume(props.volume), [props.volume]);
  return (
    <div className={css.volume}>
      <Slider
        size="sm"
        min={0}
        max={100}
        step={5}
        label={null}
        thumbLabel={t('wallWindow.volume.label')}
        value={volume}
        onChange={setVolume}
        onChangeEnd={props.onChange}
      />
      <span className={css.stepFigure}>{volume}</span>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconVolume size={14} aria-hidden />}
        onClick={() => void testSound()}
      >
        {t('wallWindow.test')}
      </Button>
    </div>
  );
}

function Volumes(props: {
  steps: readonly VolumeStep[];
  onChange: (steps: VolumeStep[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const steps = [...props.steps].sort((a, b) => (a.from < b.from ? -1 : 1));
  const put = (index: number, step: VolumeStep): void => props.onChange(steps.toSpliced(index, 1, step));
  return (
    <Panel
      title={t('wallEditor.volume.title')}
      side={
        <Button
          size="compact-xs"
          variant="light"
          disabled={steps.length >= mostSteps}
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={() =>
            props.onChange([...steps, { from: steps.length === 0 ? '08:00' : '17:00', volume: 40 }])
          }
        >
          {t('wallEditor.volume.add')}
        </Button>
      }
    >
      <div className={css.form}>
        {steps.length === 0 && <p className={css.none}>{t('wallEditor.volume.none')}</p>}
        {steps.map((step, index) => (
          <Step
            key={index}
            step={step}
            onChange={(next) => put(index, next)}
            onRemove={() => props.onChange(steps.toSpliced(index, 1))}
          />
        ))}
      </div>
    </Panel>
  );
}

function Step(props: {
  step: VolumeStep;
  onChange: (step: VolumeStep) => void;
  onRemove: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { step } = props;
  const [volume, setVolume] = useState(step.volume);
  useEffect(() => setVolume(step.volume), [step.volume]);
  return (
    <div className={css.step}>
      <TimeSelect
        label={t('wallWindow.quiet.from')}
        value={step.from}
        onChange={(from) => props.onChange({ ...step, from })}
      />
      <Slider
        size="sm"
        min={0}
        max={100}
        step={5}
        label={null}
        thumbLabel={t('wallWindow.volume.label')}
        value={volume}
        onChange={setVolume}
        onChangeEnd={(next) => props.onChange({ ...step, volume: next })}
      />
      <span className={css.stepFigure}>{volume}</span>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t('wallEditor.volume.remove', { from: step.from })}
        onClick={props.onRemove}
      >
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
    </div>
  );
}
