import { Button, Checkbox, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useResource, useServices } from '../services.ts';
import { DayInput } from '../ui/day-input.tsx';
import css from './sync.module.css';
import { daysProblem, resyncWays, type Days, type ResyncWay } from './resync-choice.ts';
import { useSyncActions } from './use-sync-actions.ts';

/** Reading anew what may have gone wrong here: what, how far back, and what that does, before it begins. */
export function ResyncDialog(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const shown = useStore(navigation, (state) => state.resyncShown);
  const close = (): void => navigation.setState({ resyncShown: false });
  return (
    <Modal
      opened={shown}
      onClose={close}
      title={t('resync.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
    >
      <ResyncForm onClose={close} />
    </Modal>
  );
}

function ResyncForm({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const services = useServices();
  const actions = useSyncActions();
  const today = useResource(services.today).data?.day ?? '';
  const [way, setWay] = useState<ResyncWay>('window');
  const [days, setDays] = useState<Days>({ from: '', to: today });
  const [sources, setSources] = useState({ deals: true, sms: true });
  const problem = way === 'days' ? daysProblem(days) : null;
  const chosen = (['deals', 'sms'] as const).filter((source) => sources[source]);

  function begin(): void {
    onClose();
    const request =
      way === 'window'
        ? { kind: 'rolling' as const }
        : { kind: 'full' as const, days: way === 'days' ? days : null };
    for (const source of chosen) void actions.start(source, request);
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null && chosen.length > 0) begin();
      }}
    >
      <Text size="sm">{t('resync.effect')}</Text>
      <Radio.Group mt="md" label={t('resync.howFar')} value={way} onChange={(to) => setWay(to)}>
        <Stack gap="xs" mt="xs">
          {resyncWays.map((one) => (
            <Radio key={one} value={one} label={t(`resync.way.${one}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {way === 'days' ? <DayFields days={days} problem={problem} onChange={setDays} /> : null}
      {way === 'all' ? (
        <Text size="sm" c="dimmed" mt="xs">
          {t('resync.allText')}
        </Text>
      ) : null}
      <Group mt="md">
        {(['deals', 'sms'] as const).map((source) => (
          <Checkbox
            key={source}
            label={t(`sync.source.${source}`)}
            checked={sources[source]}
            onChange={(event) => setSources({ ...sources, [source]: event.currentTarget.checked })}
          />
        ))}
      </Group>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" disabled={chosen.length === 0 || problem !== null}>
          {t('resync.begin')}
        </Button>
      </Group>
    </form>
  );
}

function DayFields(props: {
  days: Days;
  problem: 'missing' | 'order' | null;
  onChange: (days: Days) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { days, problem, onChange } = props;
  return (
    <>
      <Group mt="xs" grow>
        <DayInput
          label={t('resync.from')}
          value={days.from}
          onChange={(event) => onChange({ ...days, from: event.currentTarget.value })}
          data-autofocus
        />
        <DayInput
          label={t('resync.to')}
          value={days.to}
          onChange={(event) => onChange({ ...days, to: event.currentTarget.value })}
        />
      </Group>
      <Text size="sm" mt={4} className={css.problem} role={problem === 'order' ? 'alert' : undefined}>
        {problem === 'order' ? t('resync.wrongOrder') : t('resync.daysText')}
      </Text>
    </>
  );
}
