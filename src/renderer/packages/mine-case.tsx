import { Button, Group, Modal, NumberInput, Switch, Text, TextInput } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MyPackage } from '../../shared/contract/my-packages.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Age } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { useFormat } from '../ui/use-format.ts';
import parts from '../ui/parts.module.css';
import { OrderButton } from './order-dialog.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';
import { Validity } from './validity.tsx';

/** One package on sale, to change; or that none is chosen. */
export function MineCase({ mapping }: { mapping: MyPackage | null }): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t('packages.details')}>
      {mapping === null ? (
        <EmptyState icon={IconHandClick} title={t('packages.nothingChosen')}>
          {t('packages.choose')}
        </EmptyState>
      ) : (
        <div className={css.case}>
          <Edit mapping={mapping} />
          <Facts mapping={mapping} />
          <div className={css.buttons}>
            <OrderButton package={mapping.id} name={mapping.name ?? mapping.reseller_id} />
            <Remove mapping={mapping} />
          </div>
        </div>
      )}
    </Panel>
  );
}

/** What of a package the office may set by hand; saved against the version on screen. */
function Edit({ mapping }: { mapping: MyPackage }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  const [name, setName] = useState(mapping.name ?? '');
  const [price, setPrice] = useState<number | string>(mapping.price ?? '');
  const [visible, setVisible] = useState(mapping.visible);
  const [saving, setSaving] = useState(false);
  const amount = typeof price === 'number' ? price : null;
  const changed = {
    ...(name.trim() !== (mapping.name ?? '') && name.trim() !== '' ? { name: name.trim() } : {}),
    ...(amount !== mapping.price ? { price: amount } : {}),
    ...(visible !== mapping.visible ? { visible } : {}),
  };
  const hasChanged = Object.keys(changed).length > 0;
  async function save(): Promise<void> {
    setSaving(true);
    const { id, version } = mapping;
    const done = await actions.attempt((calls) => calls.edit({ id, version, patch: changed }));
    setSaving(false);
    if (done !== null) actions.tell(t('packages.mine.saved'));
    actions.refresh();
  }
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (hasChanged) void save();
      }}
    >
      <TextInput
        size="xs"
        label={t('packages.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NumberInput
        size="xs"
        label={t('packages.ourPrice')}
        value={price}
        onChange={setPrice}
        min={0}
        max={100_000}
        decimalScale={2}
        hideControls
        decimalSeparator={format.language === 'sv' ? ',' : '.'}
        suffix=" USD"
        {...(amount !== null && mapping.cost !== null && amount < mapping.cost
          ? { error: t('packages.belowCost') }
          : {})}
      />
      <Switch
        size="xs"
        label={t('packages.mine.visible')}
        checked={visible}
        onChange={(event) => setVisible(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button size="xs" type="submit" disabled={!hasChanged} loading={saving}>
          {t('packages.mine.save')}
        </Button>
      </Group>
    </form>
  );
}

function Facts({ mapping }: { mapping: MyPackage }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  const { validation } = mapping;
  return (
    <>
      <dl className={parts.facts}>
        <dt>{t('packages.id')}</dt>
        <dd>
          <bdi>{mapping.reseller_id}</bdi>
        </dd>
        <dt>{t('packages.place')}</dt>
        <dd>{mapping.place ?? mapping.country_code ?? '–'}</dd>
        <dt>{t('packages.data')}</dt>
        <dd>{words.data(mapping)}</dd>
        <dt>{t('packages.period')}</dt>
        <dd>{words.days(mapping.days)}</dd>
        <dt>{t('packages.cost')}</dt>
        <dd>{words.price(mapping.cost)}</dd>
        <dt>{t('packages.state')}</dt>
        <dd>
          <Validity of={mapping} />
        </dd>
        {validation === null ? null : (
          <>
            <dt>{t('packages.checked')}</dt>
            <dd>
              <Age at={validation.checked_at} />
            </dd>
          </>
        )}
      </dl>
      {validation !== null && !validation.valid && validation.reason !== null ? (
        <p className={css.problem}>
          {words.why({ package: mapping, reason: validation.reason, detail: validation.detail })}
        </p>
      ) : null}
    </>
  );
}

function Remove({ mapping }: { mapping: MyPackage }): ReactNode {
  const { t } = useTranslation();
  const actions = usePackageActions();
  const [asking, setAsking] = useState(false);
  const close = (): void => setAsking(false);
  async function remove(): Promise<void> {
    const { id, version } = mapping;
    const done = await actions.attempt((calls) => calls.remove({ id, version }));
    close();
    if (done !== null) actions.tell(t('packages.mine.removed'));
    actions.refresh();
  }
  return (
    <>
      <Button size="xs" variant="default" c="var(--od-bad)" onClick={() => setAsking(true)}>
        {t('packages.mine.remove')}
      </Button>
      {asking ? (
        <Modal
          opened
          onClose={close}
          title={t('packages.mine.removeTitle')}
          closeButtonProps={{ 'aria-label': t('actions.close') }}
          size="sm"
          centered
        >
          <Text size="sm">
            {t('packages.mine.removeText', { name: mapping.name ?? mapping.reseller_id })}
          </Text>
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={close} data-autofocus>
              {t('actions.cancel')}
            </Button>
            <Button color="danger" onClick={() => void remove()}>
              {t('packages.mine.removeYes')}
            </Button>
          </Group>
        </Modal>
      ) : null}
    </>
  );
}
