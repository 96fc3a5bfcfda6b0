import './jitless.ts';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './ui/base.css';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { connectApi } from './api.ts';
import { ConsoleApp } from './console-app.tsx';
import { chooseLanguage } from './i18n/format.ts';
import { initI18n } from './i18n/init-i18n.ts';
import { keepFresh } from './keep-fresh.ts';
import { createServices } from './services.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

const services = createServices(connectApi(window), {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
});
keepFresh(services);
// The language of the last run is a hint, so that the first paint speaks it before main has answered.
const lastLanguage = localStorage.getItem('opsdeck-language');
const hint = lastLanguage === 'sv' || lastLanguage === 'en' ? lastLanguage : 'system';
const i18n = initI18n(chooseLanguage(hint, navigator.languages));

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element');
createRoot(root).render(<ConsoleApp services={services} i18n={i18n} nonce={nonce} />);
