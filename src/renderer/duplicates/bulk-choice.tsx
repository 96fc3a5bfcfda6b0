import { Button, Checkbox, Group, Radio, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  duplicateAction,
  type DuplicateAction,
  type DuplicateField,
  type PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import { GrownText } from '../ui/grown-text.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Choice } from './decisions.ts';
import { differsInWords } from './duplicate-words.ts';
import css from './duplicates.module.css';
import { fieldsToMerge, toggleField } from './queue-store.ts';

/** What to do with all of them; nothing is chosen beforehand, and the button names what it does to how many. */
export function BulkChoice(props: {
  like: PendingDuplicate;
  cases: readonly PendingDuplicate[];
  onDecide: (choice: Choice) => void;
  onClose: () => void;
}): ReactNode {
  const { like, cases } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [action, setAction] = useState<DuplicateAction | null>(null);
  const [fields, setFields] = useState<readonly DuplicateField[]>(() => fieldsToMerge(like));
  const [note, setNote] = useState('');
  const figures = { count: cases.length, number: format.number(cases.length) };
  const isReady = action !== null && cases.length > 0 && (action !== 'merge' || fields.length > 0);
  return (
    <>
      <Text size="sm">
        {like.existing === null
          ? t('duplicates.bulk.foundGone', figures)
          : t('duplicates.bulk.found', { ...figures, differs: differsInWords(like, t) })}{' '}
        {t('duplicates.bulk.apart')}
      </Text>
      <Radio.Group
        aria-label={t('duplicates.effects')}
        value={action}
        onChange={(value) => setAction(duplicateAction.options.find((one) => one === value) ?? null)}
      >
        <Stack gap={8}>
          {duplicateAction.options.map((one, i) => (
            <div key={one}>
              <Radio
                value={one}
                size="xs"
                label={t(`duplicates.action.${one}`)}
                description={t(`duplicates.means.${one}`)}
                disabled={one === 'merge' && like.existing === null}
                {...(i === 0 ? { 'data-autofocus': true } : {})}
              />
              {one === 'merge' && action === 'merge' ? (
                <MergeFields like={like} fields={fields} onChange={setFields} />
              ) : null}
            </div>
          ))}
        </Stack>
      </Radio.Group>
      <GrownText
        size="xs"
        label={t('duplicates.note')}
        placeholder={t('duplicates.notePlaceholder')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={2000}
        minRows={1}
        maxRows={4}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          disabled={!isReady}
          onClick={() => {
            if (action === null) return;
            props.onDecide({ action, note, ...(action === 'merge' ? { fields } : {}) });
          }}
        >
          {action === null ? t('duplicates.bulk.choose') : t(`duplicates.bulk.confirm.${action}`, figures)}
        </Button>
      </Group>
    </>
  );
}

function MergeFields(props: {
  like: PendingDuplicate;
  fields: readonly DuplicateField[];
  onChange: (fields: readonly DuplicateField[]) => void;
}): ReactNode {
  const { like, fields } = props;
  const { t } = useTranslation();
  return (
    <Group gap="md" className={css.bulkFields}>
      <Text size="xs">{t('duplicates.merge.choose')}:</Text>
      {like.differs.map((field) => (
        <Checkbox
          key={field}
          size="xs"
          label={t(`duplicates.field.${field}`)}
          checked={fields.includes(field)}
          onChange={() => props.onChange(toggleField(like, fields, field))}
        />
      ))}
    </Group>
  );
}
