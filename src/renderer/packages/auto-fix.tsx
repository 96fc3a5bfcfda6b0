import { Button, Group, Modal, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AutoFix } from '../../shared/contract/my-packages.ts';
import { useFormat } from '../ui/use-format.ts';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';

/** Fixes what the rules prove, after showing what that would be; the rest is proposed. */
export function AutoFixButton(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  const [plan, setPlan] = useState<AutoFix | null>(null);
  const [running, setRunning] = useState(false);

  async function run(isDry: boolean): Promise<void> {
    setRunning(true);
    const done = await actions.attempt((calls) => calls.autoFix({ dry_run: isDry }));
    setRunning(false);
    if (isDry) return setPlan(done);
    setPlan(null);
    actions.refresh();
    if (done !== null)
      actions.tell(
        t('packages.autoFix.done', { count: done.fixed.length, number: format.number(done.fixed.length) }),
        restOf(done),
      );
  }
  const restOf = ({ proposed, left }: AutoFix) =>
    (['proposed', 'left'] as const)
      .map((what) => [what, what === 'left' ? left : proposed] as const)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => t(`packages.autoFix.${what}`, { count, number: format.number(count) }))
      .join(' ');

  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={running && plan === null}
        aria-keyshortcuts="f"
        onClick={() => void run(true)}
      >
        {t('packages.autoFix.open')}
      </Button>
      {plan === null ? null : (
        <Modal
          opened
          onClose={() => setPlan(null)}
          title={t('packages.autoFix.title')}
          closeButtonProps={{ 'aria-label': t('actions.close') }}
          size="lg"
          centered
        >
          <Text size="sm">
            {t('packages.autoFix.plan', {
              count: plan.fixed.length,
              number: format.number(plan.fixed.length),
            })}{' '}
            {restOf(plan)}
          </Text>
          <ul className={`${css.list} ${css.heldList}`}>
            {plan.fixed.map((one) => (
              <li key={one.my_package_id} className={css.line}>
                <bdi>
                  {one.from} → {one.to}
                </bdi>
              </li>
            ))}
          </ul>
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setPlan(null)}>
              {t('actions.cancel')}
            </Button>
            <Button loading={running} data-autofocus onClick={() => void run(false)}>
              {t('packages.autoFix.run')}
            </Button>
          </Group>
        </Modal>
      )}
    </>
  );
}
