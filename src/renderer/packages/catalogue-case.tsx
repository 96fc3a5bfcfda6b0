import { Button, Group, Modal, NumberInput, Switch, TextInput } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueChange } from '../../shared/contract/catalogue.ts';
import { useServices } from '../services.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { useFormat } from '../ui/use-format.ts';
import parts from '../ui/parts.module.css';
import { ChangeWord } from './change-word.tsx';
import { OrderButton } from './order-dialog.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import type { OfferedPackage } from './packages-store.ts';
import { usePackageActions } from './use-package-actions.ts';

/** One package of the catalogue, all that ever happened to it, and the way to sell it. */
export function CatalogueCase({ offered }: { offered: OfferedPackage | null }): ReactNode {
  const { t } = useTranslation();
  const { navigation, packages } = useServices();
  if (offered === null)
    return (
      <Panel title={t('packages.details')}>
        <EmptyState icon={IconHandClick} title={t('packages.nothingChosen')}>
          {t('packages.choose')}
        </EmptyState>
      </Panel>
    );
  return (
    <Panel title={t('packages.details')}>
      <div className={css.case}>
        <h3 className={css.caseTitle}>
          <bdi>{offered.name}</bdi>
        </h3>
        <bdi className={css.id}>{offered.reseller_id}</bdi>
        <Terms of={offered} />
        <div className={css.buttons}>
          {offered.retired_at !== null ? null : offered.mine === null ? (
            <SellButton offered={offered} />
          ) : (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                packages.ask('mine', { search: offered.reseller_id, status: 'all' });
                navigation.openPackages('mine');
              }}
            >
              {t('packages.catalogue.toMine')}
            </Button>
          )}
          {offered.retired_at === null ? (
            <OrderButton package={offered.reseller_id} name={offered.name} />
          ) : null}
        </div>
        <History id={offered.reseller_id} />
      </div>
    </Panel>
  );
}

function Terms({ of }: { of: OfferedPackage }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  const told = (value: string | null): string =>
    value === null ? '–' : value === 'none' || value === 'unlimited' ? t(`packages.${value}`) : value;
  return (
    <dl className={parts.facts}>
      <dt>{t('packages.place')}</dt>
      <dd>{[of.country_name ?? of.place, of.region].filter((part) => part !== null).join(', ')}</dd>
      <dt>{t('packages.data')}</dt>
      <dd>{words.data(of)}</dd>
      <dt>{t('packages.period')}</dt>
      <dd>{words.days(of.days)}</dd>
      <dt>{t('packages.cost')}</dt>
      <dd>{words.price(of.price)}</dd>
      <dt>{t('packages.field.calls')}</dt>
      <dd>{told(of.calls)}</dd>
      <dt>{t('packages.field.sms')}</dt>
      <dd>{told(of.sms)}</dd>
      <dt>{t('packages.field.hotspot')}</dt>
      <dd>{of.hotspot === null ? '–' : t(of.hotspot ? 'packages.yes' : 'packages.no')}</dd>
      {of.retired_at === null ? null : (
        <>
          <dt>{t('packages.change.retired')}</dt>
          <dd>
            <Moment at={of.retired_at} />
          </dd>
        </>
      )}
    </dl>
  );
}

function History({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  const { attempt } = usePackageActions();
  const [changes, setChanges] = useState<readonly CatalogueChange[] | null>(null);
  useEffect(() => {
    let isGone = false;
    void attempt((calls) => calls.history({ reseller_id: id })).then((found) => {
      if (!isGone) setChanges(found?.changes ?? []);
    });
    return () => {
      isGone = true;
    };
  }, [attempt, id]);
  return (
    <>
      <h4>{t('packages.history')}</h4>
      <ul className={css.list}>
        {(changes ?? []).map((one, index) => (
          <li key={index} className={css.line}>
            <ChangeWord change={one.change} />
            <span>
              {one.price_before !== null && one.price_before !== one.price_after
                ? `${words.price(one.price_before)} → ${words.price(one.price_after)}`
                : one.change === 'new'
                  ? words.price(one.price_after)
                  : one.fields.join(', ')}
            </span>
            <span className={css.quiet}>
              <Moment at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Begins to sell a package: under which name, for how much, shown or not. */
function SellButton({ offered }: { offered: OfferedPackage }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const words = usePackageWords();
  const actions = usePackageActions();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState(offered.name);
  const [price, setPrice] = useState<number | string>('');
  const [visible, setVisible] = useState(true);
  const amount = typeof price === 'number' ? price : null;
  async function add(): Promise<void> {
    const done = await actions.attempt((calls) =>
      calls.add({
        reseller_id: offered.reseller_id,
        visible,
        ...(amount === null ? {} : { price: amount }),
        ...(name.trim() === '' || name.trim() === offered.name ? {} : { name: name.trim() }),
      }),
    );
    actions.refresh();
    if (done === null) return;
    setOpen(false);
    actions.tell(t('packages.sell.done'), done.name ?? done.reseller_id);
  }
  return (
    <>
      <Button size="xs" aria-keyshortcuts="s" onClick={() => setOpen(true)}>
        {t('packages.sell.open')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('packages.sell.title')}
        closeButtonProps={{ 'aria-label': t('actions.close') }}
        centered
      >
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault();
            void add();
          }}
        >
          <TextInput
            label={t('packages.name')}
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NumberInput
            label={t('packages.ourPrice')}
            description={t('packages.sell.cost', { cost: words.price(offered.price) })}
            value={price}
            onChange={setPrice}
            min={0}
            max={100_000}
            decimalScale={2}
            hideControls
            decimalSeparator={format.language === 'sv' ? ',' : '.'}
            suffix=" USD"
            data-autofocus
            {...(amount !== null && amount < offered.price ? { error: t('packages.belowCost') } : {})}
          />
          <Switch
            label={t('packages.mine.visible')}
            checked={visible}
            onChange={(event) => setVisible(event.currentTarget.checked)}
          />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setOpen(false)}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit">{t('packages.sell.run')}</Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
