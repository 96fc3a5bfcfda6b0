import './jitless.ts';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './ui/base.css';
import { setNonce } from 'get-nonce';
import { createRoot } from 'react-dom/client';
import { connectApi } from './api.ts';
import { ConsoleApp } from './console-app.tsx';
import { chooseLanguage, createFormat } from './i18n/format.ts';
import { firstAnswers } from './first-answers.ts';
import { initI18n } from './i18n/init-i18n.ts';
import { firstStores, keepFresh } from './keep-fresh.ts';
import { createServices } from './services.ts';

/** How long the page stays empty for want of its first answers, in ms. */
const patienceMs = 300;
/** A page that is still busy then counts as drawn, in ms. */
const longestDrawMs = 700;

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
setNonce(nonce);

const services = createServices(connectApi(window), {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
});
// The language of the last run is a hint, so that the first paint speaks it before main has answered.
const lastLanguage = localStorage.getItem('opsdeck-language');
const hint = lastLanguage === 'sv' || lastLanguage === 'en' ? lastLanguage : 'system';
const language = chooseLanguage(hint, navigator.languages);
const i18n = initI18n(language);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element');
// The first formats of a process take long to make; once the calls are on their way there is time for it.
void services.api.client().then(() => setTimeout(() => createFormat(language, 'Europe/Stockholm')));
// Drawn once, with what main had at hand; where that takes longer the bones of the page are shown meanwhile.
const drawn = firstAnswers(firstStores(services), patienceMs).then(() => {
  createRoot(root).render(<ConsoleApp services={services} i18n={i18n} nonce={nonce} />);
  return new Promise((resolve) => requestIdleCallback(resolve, { timeout: longestDrawMs }));
});
keepFresh(services, drawn);
