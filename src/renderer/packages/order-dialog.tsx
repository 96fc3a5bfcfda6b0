import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';

interface Props {
  /** A number on sale, an id of the catalogue, or null: a person names it. */
  package: number | string | null;
  name: string | null;
}

/** Buys one package under the office's own reference, which is bought once however often it is asked for. */
export function OrderButton(props: Props): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size={props.package === null ? 'compact-xs' : 'xs'}
        variant="default"
        aria-keyshortcuts="o"
        onClick={() => setOpen(true)}
      >
        {t('packages.order.open')}
      </Button>
      {isOpen ? <OrderDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function OrderDialog({ package: asked, name, onClose }: Props & { onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const actions = usePackageActions();
  const [typed, setTyped] = useState('');
  const [reference, setReference] = useState('');
  const [sending, setSending] = useState(false);
  const text = typed.trim();
  const what = asked ?? (/^\d{1,15}$/.test(text) ? Number(text) : text);
  const isReady = what !== '' && reference.trim() !== '';

  async function order(): Promise<void> {
    setSending(true);
    const placed = await actions.attempt((calls) =>
      calls.order({ package: what, reference_id: reference.trim() }),
    );
    setSending(false);
    actions.refresh();
    // Also a failed one is kept with its attempts, so the list says how it stands.
    if (placed === null) return;
    actions.tell(t(`packages.order.state.${placed.state}`), placed.message);
    navigation.openPackages('orders');
    onClose();
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('packages.order.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !sending) void order();
        }}
      >
        {name === null ? (
          <TextInput
            label={t('packages.order.package')}
            description={t('packages.order.packageText')}
            value={typed}
            maxLength={300}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
        ) : (
          <Text size="sm" fw={600}>
            <bdi>{name}</bdi>
          </Text>
        )}
        <TextInput
          label={t('packages.order.reference')}
          description={t('packages.order.referenceText')}
          value={reference}
          maxLength={100}
          onChange={(event) => setReference(event.currentTarget.value)}
          {...(name === null ? {} : { 'data-autofocus': true })}
        />
        <Text size="sm">{t('packages.order.effect')}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('actions.cancel')}
          </Button>
          <Button type="submit" disabled={!isReady} loading={sending}>
            {t('packages.order.run')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
