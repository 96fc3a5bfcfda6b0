import './jitless.ts';
import './wall/wall-page.css';
import './wall/wall.css';
import { createRoot } from 'react-dom/client';
import { connectWallApi } from './api.ts';
import { createBell } from './bell.ts';
import { chooseLanguage } from './i18n/format.ts';
import { initI18n } from './i18n/init-i18n.ts';
import { WallApp } from './wall/wall-app.tsx';
import { followWall, sourceOfWall } from './wall/follow-wall.ts';
import { createWallStores } from './wall/wall-store.ts';

const api = connectWallApi(window);
const stores = createWallStores(sourceOfWall(api), {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
});
followWall(api, stores, createBell(), document.documentElement.dataset);
// The language of the last run is a hint, so that the first paint speaks it before main has answered.
const lastLanguage = localStorage.getItem('opsdeck-language');
const hint = lastLanguage === 'sv' || lastLanguage === 'en' ? lastLanguage : 'system';
const i18n = initI18n(chooseLanguage(hint, navigator.languages));

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element');
createRoot(root).render(<WallApp stores={stores} i18n={i18n} />);
