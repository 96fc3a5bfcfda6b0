import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CataloguePackage, HeldRetirement } from '../../shared/contract/catalogue.ts';
import { Age } from '../ui/figures.tsx';
import { GrownText } from '../ui/grown-text.tsx';
import { useFormat } from '../ui/use-format.ts';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';

/** So many of the held packages are listed. */
const shownRows = 100;

/** What a short answer would retire, and both choices with what they do. */
export function HeldDialog({ hold, onClose }: { hold: HeldRetirement; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  const [note, setNote] = useState('');
  const [sending, setSending] = useState<'accept' | 'discard' | null>(null);
  const figures = {
    count: hold.count,
    number: format.number(hold.count),
    all: format.number(hold.of_packages),
  };

  async function decide(action: 'accept' | 'discard'): Promise<void> {
    setSending(action);
    const given = note.trim();
    const done = await actions.attempt((calls) =>
      calls.decideHeld({ id: hold.id, action, ...(given === '' ? {} : { note: given }) }),
    );
    setSending(null);
    actions.refresh();
    if (done === null) return;
    const retired = format.number(done.retired);
    actions.tell(
      t(`packages.held.done.${action}`),
      t('packages.held.result', { retired, kept: format.number(done.kept) }),
    );
    onClose();
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('packages.held.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      size="lg"
      centered
    >
      <Text size="sm">{t('packages.held.notice', figures)}</Text>
      <Text size="sm" c="dimmed" mt={4}>
        {t('held.since')} <Age at={hold.held_at} /> · {t('held.updated')} <Age at={hold.updated_at} />
      </Text>
      <HeldList id={hold.id} count={hold.count} />
      <GrownText
        mt="md"
        label={t('held.note')}
        description={t('held.noteText')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={2000}
        minRows={2}
        maxRows={4}
      />
      <Text size="sm" mt="md">
        {t('packages.held.effect.accept')}
      </Text>
      <Text size="sm">{t('packages.held.effect.discard')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" loading={sending === 'discard'} onClick={() => void decide('discard')}>
          {t('packages.held.discard')}
        </Button>
        <Button color="danger" loading={sending === 'accept'} onClick={() => void decide('accept')}>
          {t('packages.held.accept', figures)}
        </Button>
      </Group>
    </Modal>
  );
}

function HeldList({ id, count }: { id: number; count: number }): ReactNode {
  const { t } = useTranslation();
  const { attempt } = usePackageActions();
  const format = useFormat();
  const words = usePackageWords();
  const [rows, setRows] = useState<readonly CataloguePackage[]>([]);
  useEffect(() => {
    void attempt((calls) => calls.held({ id, limit: shownRows })).then((found) =>
      setRows(found?.packages ?? []),
    );
  }, [attempt, id]);
  return (
    <div className={css.heldList} role="region" aria-label={t('packages.held.title')}>
      <ul className={css.list}>
        {rows.map((one) => (
          <li key={one.id} className={css.line}>
            <bdi>{one.name}</bdi>
            <span className={css.quiet}>{words.price(one.price)}</span>
          </li>
        ))}
      </ul>
      {count > rows.length && rows.length > 0 ? (
        <p className={css.quiet}>{t('packages.more', { number: format.number(count - rows.length) })}</p>
      ) : null}
    </div>
  );
}
