import { Button } from '@mantine/core';
import { IconPlus, IconRobot } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { RuleView } from '../../shared/contract/rules.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Panel } from '../ui/panel.tsx';
import screenCss from './duplicates.module.css';
import { RuleCard } from './rule-card.tsx';
import { RuleCases } from './rule-cases.tsx';
import { RuleDialogs, type Asked } from './rule-dialogs.tsx';
import css from './rules.module.css';

/** The rules that may decide in people's place: what each says, how it agrees with people, case by case. */
export function RulesView({ id, title }: { id: string; title: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { rules } = useServices();
  const { data, failure } = useResource(rules.list);
  const chosen = useStore(rules.chosen, (state) => state.id);
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => void rules.list.reload(), [rules]);
  const shown = data?.rules.find((rule) => rule.id === chosen) ?? data?.rules[0] ?? null;
  const shownId = shown?.id ?? null;
  useEffect(() => {
    if (shownId !== null) rules.choose(shownId);
  }, [rules, shownId]);
  return (
    <div className={screenCss.screen}>
      <div className={screenCss.head}>
        {title}
        <Button
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden />}
          disabled={data === null}
          onClick={() => setAsked({ what: 'edit', rule: null })}
        >
          {t('rules.new')}
        </Button>
      </div>
      <div className={screenCss.historyBody}>
        <Panel title={t('rules.title')}>
          {data === null ? (
            failure === null ? (
              <Bones rows={4} height={120} />
            ) : (
              <ErrorState failure={failure} onRetry={() => void rules.list.reload()} />
            )
          ) : data.rules.length === 0 ? (
            <EmptyState icon={IconRobot} title={t('rules.none')}>
              {t('rules.noneText')}
            </EmptyState>
          ) : (
            <ul id={id} className={css.rules}>
              {data.rules.map((rule: RuleView) => (
                <RuleCard key={rule.id} rule={rule} data={data} chosen={rule.id === shownId} ask={setAsked} />
              ))}
            </ul>
          )}
        </Panel>
        <RuleCases rule={shown} />
      </div>
      {data === null || asked === null ? null : (
        <RuleDialogs asked={asked} data={data} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}
