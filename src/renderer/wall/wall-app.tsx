import type { i18n } from 'i18next';
import { useEffect, useMemo, type ReactNode } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { chooseLanguage, createFormat } from '../i18n/format.ts';
import { Celebrations } from './celebrations.tsx';
import { Stage } from './stage.tsx';
import { WallFoot } from './wall-foot.tsx';
import { WallFormatProvider } from './wall-format.ts';
import { WallHead } from './wall-head.tsx';
import { WallProvider, type WallStores } from './wall-store.ts';

/** The wall: its slides by turns, how old they are, and each new deal for a moment. */
export function WallApp({ stores, i18n: words }: { stores: WallStores; i18n: i18n }): ReactNode {
  return (
    <I18nextProvider i18n={words}>
      <Spoken stores={stores}>
        <WallPicture stores={stores} />
      </Spoken>
    </I18nextProvider>
  );
}

/** What the wall looks like, in whatever frame it is put: the whole display, or a console's preview. */
export function WallPicture({ stores }: { stores: WallStores }): ReactNode {
  return (
    <WallProvider value={stores}>
      <Formatted stores={stores}>
        <Frame stores={stores} />
      </Formatted>
    </WallProvider>
  );
}

/** Speaks the console's language, and remembers it for the first paint of the next start. */
function Spoken({ stores, children }: { stores: WallStores; children: ReactNode }): ReactNode {
  const { i18n: words } = useTranslation();
  const setting = useStore(stores.settings, ({ data }) => data?.language);
  useEffect(() => {
    if (setting !== undefined) {
      localStorage.setItem('opsdeck-language', setting);
      void words.changeLanguage(chooseLanguage(setting, navigator.languages));
    }
    document.documentElement.lang = words.language;
  }, [setting, words]);
  return children;
}

function Formatted({ stores, children }: { stores: WallStores; children: ReactNode }): ReactNode {
  const { i18n: words } = useTranslation();
  const zone = useStore(stores.board, ({ data }) => data?.time_zone) ?? 'Europe/Stockholm';
  const format = useMemo(
    () => createFormat(words.language === 'sv' ? 'sv' : 'en', zone),
    [words.language, zone],
  );
  return <WallFormatProvider value={format}>{children}</WallFormatProvider>;
}

function Frame({ stores }: { stores: WallStores }): ReactNode {
  const calm = useStore(stores.settings, ({ data }) => data?.calm ?? false);
  return (
    <div className="wall-frame">
      <div className="wall" data-calm={calm || undefined}>
        <WallHead />
        <Stage />
        <WallFoot />
        <Celebrations />
      </div>
    </div>
  );
}
