import type { i18n } from 'i18next';
import { useEffect, useMemo, type ReactNode } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { chooseLanguage, createFormat } from '../i18n/format.ts';
import { Celebrations } from './celebrations.tsx';
import { WallBoardView } from './wall-board.tsx';
import { WallFoot } from './wall-foot.tsx';
import { WallFormatProvider } from './wall-format.ts';
import { WallHead } from './wall-head.tsx';
import { WallProvider, type WallStores } from './wall-store.ts';

/** The wall: totals, standings, how old they are, and each new deal for a moment. */
export function WallApp({ stores, i18n: words }: { stores: WallStores; i18n: i18n }): ReactNode {
  return (
    <WallProvider value={stores}>
      <I18nextProvider i18n={words}>
        <Formatted stores={stores}>
          <Frame stores={stores} />
        </Formatted>
      </I18nextProvider>
    </WallProvider>
  );
}

function Formatted({ stores, children }: { stores: WallStores; children: ReactNode }): ReactNode {
  const { i18n: words } = useTranslation();
  const zone = useStore(stores.board, ({ data }) => data?.time_zone) ?? 'Europe/Stockholm';
  const setting = useStore(stores.settings, ({ data }) => data?.language);
  useEffect(() => {
    if (setting !== undefined) {
      localStorage.setItem('opsdeck-language', setting);
      void words.changeLanguage(chooseLanguage(setting, navigator.languages));
    }
    document.documentElement.lang = words.language;
  }, [setting, words]);
  const format = useMemo(
    () => createFormat(words.language === 'sv' ? 'sv' : 'en', zone),
    [words.language, zone],
  );
  return <WallFormatProvider value={format}>{children}</WallFormatProvider>;
}

function Frame({ stores }: { stores: WallStores }): ReactNode {
  const calm = useStore(stores.settings, ({ data }) => data?.calm ?? false);
  return (
    <div className="wall" data-calm={calm || undefined}>
      <WallHead />
      <WallBoardView />
      <WallFoot />
      <Celebrations />
    </div>
  );
}
