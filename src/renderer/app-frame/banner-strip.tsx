import { Button } from '@mantine/core';
import {
  IconArrowBackUp,
  IconCloudOff,
  IconDatabaseOff,
  IconHourglass,
  IconLockAccess,
  IconPlayerStop,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useResource, useServices } from '../services.ts';
import { Age, Countdown, Moment } from '../ui/figures.tsx';
import { undoneByRestore } from '../duplicates/sent-words.ts';
import { useFormat } from '../ui/use-format.ts';
import { decideBanners, type Banner } from './banners.ts';
import css from './frame.module.css';

const icons = {
  connection: IconPlugConnectedX,
  database: IconDatabaseOff,
  refused: IconLockAccess,
  failing: IconCloudOff,
  blocked: IconHourglass,
  'not-configured': IconPlugConnectedX,
  restored: IconArrowBackUp,
  stopped: IconPlayerStop,
};

/** Slim strips, only while something is away: what, since when, what still works, what to do. */
export function BannerStrip(): ReactNode {
  const services = useServices();
  const { t } = useTranslation();
  const connected = useStore(services.connection, (state) => state.connected);
  const system = useResource(services.system);
  const sync = useResource(services.sync);
  const screen = useStore(services.navigation, (state) => state.screen);
  const tab = useStore(services.navigation, (state) => state.duplicatesTab);
  const name = sync.data?.upstream.name ?? 'Adversus';
  const format = useFormat();
  const kept = useResource(services.outbox).data ?? [];
  const unsent = kept.filter((one) => one.state === 'waiting').length;
  const stopped = useResource(services.schedules).data?.stopped ?? null;
  const banners = decideBanners(connected, system.data, sync.data, undoneByRestore(kept), stopped);
  return (
    <div className={css.banners} role="status">
      {banners.map((banner) => {
        const Icon = icons[banner.kind];
        return (
          <div key={banner.kind} className={css.banner} data-tone={banner.tone}>
            <Icon size={18} aria-hidden />
            <div className={css.bannerText}>
              <strong>
                {t(`banner.${banner.kind}.what`, {
                  name,
                  count: banner.kind === 'restored' ? banner.count : 0,
                })}
              </strong>{' '}
              <When banner={banner} />{' '}
              {banner.kind === 'database' && banner.readsOn
                ? t('banner.database.worksOn', { at: format.stamp(banner.asOf), name })
                : t(`banner.${banner.kind}.works`, {
                    name,
                    at: banner.kind === 'database' ? format.stamp(banner.asOf) : '',
                    by: banner.kind === 'stopped' ? banner.by : '',
                  })}{' '}
              {banner.kind === 'database' && banner.unsaved > 0
                ? t('banner.unsaved', { count: banner.unsaved })
                : null}{' '}
              {banner.kind === 'database' && unsent > 0 ? t('banner.unsent', { count: unsent }) : null}{' '}
              {t(`banner.${banner.kind}.next`, { name })}
            </div>
            {banner.kind === 'stopped' && screen !== 'system' ? (
              <div className={css.bannerSide}>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => services.navigation.openSystem('schedules')}
                >
                  {t('duplicates.show')}
                </Button>
              </div>
            ) : null}
            {banner.kind === 'restored' && !(screen === 'duplicates' && tab === 'sent') ? (
              <div className={css.bannerSide}>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => services.navigation.openDuplicates('sent')}
                >
                  {t('duplicates.show')}
                </Button>
              </div>
            ) : null}
            {screen !== 'settings' && (banner.kind === 'refused' || banner.kind === 'not-configured') ? (
              <div className={css.bannerSide}>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => services.navigation.go('settings')}
                >
                  {t('actions.openSettings')}
                </Button>
              </div>
            ) : null}
          </div>
        );
      })}
    </div>
  );
}

function When({ banner }: { banner: Banner }): ReactNode {
  const { t } = useTranslation();
  const day = useResource(useServices().today).data?.day;
  if (banner.kind === 'blocked' && banner.until !== null) {
    return (
      <>
        {t('banner.until')} <Countdown to={banner.until} short />.
      </>
    );
  }
  if (!('since' in banner) || banner.since === null) return null;
  return (
    <>
      {t('banner.since')} <Moment at={banner.since} {...(day === undefined ? {} : { today: day })} /> (
      <Age at={banner.since} short />
      ).
    </>
  );
}
