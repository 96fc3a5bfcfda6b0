import { Button, FileInput, Group, Modal, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CsvImport } from '../../shared/contract/my-packages.ts';
import { useFormat } from '../ui/use-format.ts';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';

/** A file of packages: read, shown line by line, and written only when nothing in it is refused. */
export function ImportDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  const [text, setText] = useState<string | null>(null);
  const [plan, setPlan] = useState<CsvImport | null>(null);
  const [running, setRunning] = useState(false);

  async function look(file: File | null): Promise<void> {
    setPlan(null);
    setText(null);
    if (file === null) return;
    const read = await file.text();
    const found = await actions.attempt((calls) => calls.importCsv({ text: read, dry_run: true }));
    setText(read);
    setPlan(found);
  }
  async function run(): Promise<void> {
    if (text === null) return;
    setRunning(true);
    const done = await actions.attempt((calls) => calls.importCsv({ text, dry_run: false }));
    setRunning(false);
    actions.refresh();
    if (done === null) return;
    if (!done.applied) return setPlan(done);
    actions.tell(t('packages.import.done'), t('packages.import.counts', countsOf(done)));
    onClose();
  }
  const countsOf = (of: CsvImport) => ({
    added: format.number(of.added),
    changed: format.number(of.changed),
    skipped: format.number(of.skipped),
    refused: format.number(of.refused),
  });
  const moves = plan === null ? 0 : plan.added + plan.changed;

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('packages.import.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      size="lg"
      centered
    >
      <FileInput
        label={t('packages.import.file')}
        description={t('packages.import.columns')}
        placeholder={t('packages.import.choose')}
        accept=".csv,text/csv"
        onChange={(file) => void look(file)}
        data-autofocus
      />
      <Text size="sm" mt="md">
        {plan === null ? t('packages.import.none') : t('packages.import.counts', countsOf(plan))}
      </Text>
      <div className={css.heldList} role="region" aria-label={t('packages.import.lines')}>
        <ul className={css.list}>
          {(plan?.lines ?? []).map((line) => (
            <li key={line.line} className={css.line}>
              <span className={css.quiet}>{t('packages.import.line', { line: line.line })}</span>
              <bdi>{line.reseller_id}</bdi>
              <span className={line.action === 'refuse' ? css.problem : undefined}>
                {[t(`packages.import.action.${line.action}`), ...line.problems].join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </div>
      {plan !== null && plan.refused > 0 ? (
        <Text size="sm" c="var(--od-bad)" mt="sm" role="alert">
          {t('packages.import.refused')}
        </Text>
      ) : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          disabled={plan === null || plan.refused > 0 || moves === 0}
          loading={running}
          onClick={() => void run()}
        >
          {t('packages.import.run')}
        </Button>
      </Group>
    </Modal>
  );
}
