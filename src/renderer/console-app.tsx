import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { i18n } from 'i18next';
import { useEffect, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { ConsoleFrame } from './app-frame/console-frame.tsx';
import { chooseLanguage, pageLanguage } from './i18n/format.ts';
import { ServicesProvider, useResource, useServices, type Services } from './services.ts';
import { cssVariables, theme } from './ui/theme.ts';
import { FormatProvider, useOfficeFormat } from './ui/use-format.ts';

/** The console with everything it needs handed in. */
export function ConsoleApp(props: { services: Services; i18n: i18n; nonce: string }): ReactNode {
  return (
    <ServicesProvider value={props.services}>
      <I18nextProvider i18n={props.i18n}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={cssVariables}
          defaultColorScheme="auto"
          getStyleNonce={() => props.nonce}
        >
          <FollowConsoleSettings i18n={props.i18n} />
          <Notifications position="bottom-right" autoClose={6000} limit={4} />
          <Formatted>
            <ConsoleFrame />
          </Formatted>
        </MantineProvider>
      </I18nextProvider>
    </ServicesProvider>
  );
}

function Formatted({ children }: { children: ReactNode }): ReactNode {
  return <FormatProvider value={useOfficeFormat()}>{children}</FormatProvider>;
}

/** Puts this console's language and theme into effect whenever they change. */
function FollowConsoleSettings({ i18n }: { i18n: i18n }): ReactNode {
  const { data } = useResource(useServices().own);
  const { setColorScheme } = useMantineColorScheme();
  const scheme = data === null ? null : data.theme === 'system' ? 'auto' : data.theme;
  const setting = data?.language ?? null;
  useEffect(() => {
    if (scheme !== null) setColorScheme(scheme);
  }, [scheme, setColorScheme]);
  useEffect(() => {
    if (setting !== null) {
      localStorage.setItem('opsdeck-language', setting);
      void i18n.changeLanguage(chooseLanguage(setting, navigator.languages));
    }
    document.documentElement.lang = pageLanguage(i18n.language === 'sv' ? 'sv' : 'en');
  }, [setting, i18n]);
  return null;
}
