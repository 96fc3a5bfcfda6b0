import { Button } from '@mantine/core';
import { IconEye, IconPlayerPlay, IconPlayerPause, IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { leastCompared, type RuleView } from '../../shared/contract/rules.ts';
import { useServices } from '../services.ts';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Asked } from './rule-dialogs.tsx';
import { conditionsInWords } from './rule-words.ts';
import css from './rules.module.css';
import type { RulesData } from './rules-store.ts';
import { useRuleActions } from './use-rule-actions.ts';

const icons = { off: IconPlayerPause, shadow: IconEye, acting: IconPlayerPlay } as const;
const tones = { off: 'quiet', shadow: 'plain', acting: 'ok' } as const;

/** One rule: when it fits, what it does, how it did, and what can be done with it. */
export function RuleCard(props: {
  rule: RuleView;
  data: RulesData;
  chosen: boolean;
  ask: (asked: Asked) => void;
}): ReactNode {
  const { rule, data, ask } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const { rules } = useServices();
  const { switchTo } = useRuleActions();
  return (
    <li className={css.rule} data-chosen={props.chosen}>
      <div className={css.ruleHead}>
        <button
          type="button"
          className={css.ruleName}
          aria-pressed={props.chosen}
          onClick={() => rules.choose(rule.id)}
        >
          <bdi>{rule.name}</bdi>
        </button>
        <StateWord tone={tones[rule.state]} icon={icons[rule.state]}>
          {t(`rules.state.${rule.state}`)}
        </StateWord>
      </div>
      <p className={css.ruleWords}>
        {conditionsInWords(rule.conditions, data, t, format).join(' · ')} →{' '}
        <strong>{t(`duplicates.action.${rule.action}`)}</strong>
      </p>
      <Figures rule={rule} />
      {rule.stopped === null ? null : (
        <p className={css.stopped}>
          <IconAlertTriangle size={14} aria-hidden />{' '}
          {t('rules.stopped', { when: format.stamp(rule.stopped.at) })}
        </p>
      )}
      <div className={css.ruleButtons}>
        {rule.state === 'acting' ? (
          <Button size="compact-sm" variant="default" onClick={() => void switchTo(rule, 'shadow')}>
            {t('rules.to.shadow')}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            disabled={rule.state === 'off' || rule.figures.compared < leastCompared}
            onClick={() => ask({ what: 'act', rule })}
          >
            {t('rules.to.acting')}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void switchTo(rule, rule.state === 'off' ? 'shadow' : 'off')}
        >
          {t(rule.state === 'off' ? 'rules.to.on' : 'rules.to.off')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => ask({ what: 'edit', rule })}>
          {t('rules.edit')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => ask({ what: 'remove', rule })}>
          {t('rules.remove')}
        </Button>
      </div>
    </li>
  );
}

function Figures({ rule }: { rule: RuleView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { compared, agreed, waiting, acted, undone } = rule.figures;
  const missing = leastCompared - compared;
  const parts = [
    compared === 0
      ? t('rules.notCompared')
      : t('rules.agreement', {
          share: format.percent(agreed / compared),
          agreed: format.number(agreed),
          number: format.number(compared),
        }),
    ...(waiting > 0 ? [t('rules.waiting', { count: waiting, number: format.number(waiting) })] : []),
    ...(acted > 0 ? [t('rules.acted', { count: acted, number: format.number(acted) })] : []),
    ...(undone > 0 ? [t('rules.undone', { count: undone, number: format.number(undone) })] : []),
    ...(rule.state === 'shadow' && missing > 0 ? [t('rules.needs', { count: missing })] : []),
  ];
  return <p className={css.figures}>{parts.join(' · ')}</p>;
}
