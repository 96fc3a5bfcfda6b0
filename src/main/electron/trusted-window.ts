import { app, shell, type BrowserWindow, type Session, type WebContents } from 'electron';
import type { Log } from '../log.ts';
import {
  decidePermission,
  isAllowedExternal,
  isAllowedNavigation,
  isAllowedRequest,
} from './window-policy.ts';

/** Which page each of our windows shows. What is not in here is trusted with nothing. */
export interface TrustedWindows {
  /** Registers a window with the one page it may ever show; forgotten when it is destroyed. */
  trust(window: BrowserWindow, page: string): void;
  /** The page of contents that one of our windows owns, else null. */
  pageOf(contents: WebContents): string | null;
}

/** Hosts whose pages may be opened in the system's browser. None yet. */
export const externalHosts: readonly string[] = [];

/** Holds every web contents of the program, ours or not, to the policy. To be called before the first window. */
export function guardWebContents(log: Log): TrustedWindows {
  const pages = new Map<number, string>();
  const pageOf = (contents: WebContents) => pages.get(contents.id) ?? null;
  app.on('web-contents-created', (_event, contents) => guardContents(contents, pageOf, log));
  return {
    pageOf,
    trust(window, page) {
      const { id } = window.webContents;
      pages.set(id, page);
      window.webContents.once('destroyed', () => pages.delete(id));
    },
  };
}

function guardContents(
  contents: WebContents,
  pageOf: (contents: WebContents) => string | null,
  log: Log,
): void {
  const refuse = (event: { url: string; preventDefault(): void }) => {
    if (isAllowedNavigation(event.url, pageOf(contents))) return;
    event.preventDefault();
    log.warn('A window tried to leave its page', { to: event.url.slice(0, 200) });
  };
  contents.on('will-navigate', refuse);
  contents.on('will-redirect', refuse);
  // about: addresses are announced by none of the events above, so a window that got there is brought back.
  contents.on('did-finish-load', () => {
    const page = pageOf(contents);
    if (page === null || isAllowedNavigation(contents.getURL(), page)) return;
    log.warn('A window left its page and is brought back', { to: contents.getURL().slice(0, 200) });
    void contents
      .loadURL(page)
      .catch((error: unknown) => log.error('A window could not be brought back', { error }));
  });
  // Frames inside a page are not allowed at all, whatever they would show.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const allowed = isAllowedExternal(url, externalHosts);
    if (allowed) void shell.openExternal(url);
    log.warn('A window asked for another', { allowed, to: url.slice(0, 200) });
    return { action: 'deny' };
  });
}

/** Refuses every permission, device, download and foreign request of a session. */
export function guardSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    log.warn('A window asked for a permission', { permission });
    answer(decidePermission(permission));
  });
  session.setPermissionCheckHandler((_contents, permission) => decidePermission(permission));
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  session.on('will-download', (event) => event.preventDefault());
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !isAllowedRequest(details.url);
    if (cancel) log.warn('A window tried to load something foreign', { url: details.url.slice(0, 200) });
    answer({ cancel });
  });
}
