import { NumberInput, SegmentedControl, Switch } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { wallFigures } from '../../shared/contract/wall-plan.ts';
import { useConsoleSettings } from '../settings/use-console-settings.ts';
import { Panel } from '../ui/panel.tsx';
import { Field } from './field.tsx';
import { SoundForm } from './sound-form.tsx';
import css from './wall-editor.module.css';

const usualTarget = { figure: 'deals', goal: 50 } as const;
const usualBig = 5_000;

/** The day's target, which deals have a celebration of their own, and how loud it is when. Takes effect at once. */
export function CheersForm(): ReactNode {
  const { t } = useTranslation();
  const { settings, change } = useConsoleSettings();
  const { wallTarget: target, wallCheers: cheers } = settings;
  return (
    <div className={css.single}>
      <Panel title={t('wallEditor.target.title')}>
        <div className={css.form}>
          <Field label={t('wallEditor.target.goal')} help={t('wallEditor.target.help')}>
            <div className={css.amount}>
              <Switch
                aria-label={t('wallEditor.target.goal')}
                checked={target !== null}
                onChange={(event) =>
                  void change({ wallTarget: event.currentTarget.checked ? usualTarget : null })
                }
              />
              <Amount
                label={t('wallEditor.target.goal')}
                value={(target ?? usualTarget).goal}
                disabled={target === null}
                money={target?.figure === 'commission'}
                onChange={(goal) => target && void change({ wallTarget: { ...target, goal } })}
              />
            </div>
          </Field>
          <Field label={t('wallEditor.figure')}>
            <SegmentedControl
              size="xs"
              fullWidth
              aria-label={t('wallEditor.figure')}
              disabled={target === null}
              value={(target ?? usualTarget).figure}
              data={wallFigures.map((value) => ({ value, label: t(`wall.${value}`) }))}
              onChange={(figure) => target && void change({ wallTarget: { ...target, figure } })}
            />
          </Field>
        </div>
      </Panel>
      <Panel title={t('wallEditor.cheers.title')}>
        <div className={css.form}>
          <Field label={t('wallEditor.cheers.big')} help={t('wallEditor.cheers.bigHelp')}>
            <div className={css.amount}>
              <Switch
                aria-label={t('wallEditor.cheers.big')}
                checked={cheers.big !== null}
                onChange={(event) =>
                  void change({
                    wallCheers: { ...cheers, big: event.currentTarget.checked ? usualBig : null },
                  })
                }
              />
              <Amount
                label={t('wallEditor.cheers.big')}
                value={cheers.big ?? usualBig}
                disabled={cheers.big === null}
                money
                onChange={(big) => void change({ wallCheers: { ...cheers, big } })}
              />
            </div>
          </Field>
          {(['first', 'target'] as const).map((name) => (
            <Field
              key={name}
              label={t(`wallEditor.cheers.${name}`)}
              help={t(`wallEditor.cheers.${name}Help`)}
            >
              <Switch
                aria-label={t(`wallEditor.cheers.${name}`)}
                checked={cheers[name]}
                onChange={(event) =>
                  void change({ wallCheers: { ...cheers, [name]: event.currentTarget.checked } })
                }
              />
            </Field>
          ))}
        </div>
      </Panel>
      <SoundForm />
    </div>
  );
}

/** An amount that takes effect when it is left, so that a half-written one never does. */
function Amount(props: {
  label: string;
  value: number;
  disabled: boolean;
  money: boolean;
  onChange: (value: number) => void;
}): ReactNode {
  const { i18n } = useTranslation();
  const [value, setValue] = useState<number | string>(props.value);
  useEffect(() => setValue(props.value), [props.value]);
  const leave = (): void => {
    if (typeof value === 'number' && value > 0) props.onChange(value);
    else setValue(props.value);
  };
  return (
    <NumberInput
      size="xs"
      aria-label={props.label}
      min={1}
      max={1_000_000_000}
      allowDecimal={false}
      allowNegative={false}
      thousandSeparator={i18n.language === 'sv' ? '\u00a0' : ','}
      suffix={props.money ? '\u00a0kr' : ''}
      disabled={props.disabled}
      value={value}
      onChange={setValue}
      onBlur={leave}
      onKeyDown={(event) => event.key === 'Enter' && leave()}
    />
  );
}
