/** The program's own pages live here; nothing else is ever loaded into a window. */
export const appOrigin = 'app://opsdeck';

/** The address of one of our own pages, e.g. `console.html`. */
export function pageUrl(file: string): string {
  return `${appOrigin}/${file}`;
}

/**
 * True only for the very document a window was opened with (and places inside it). Compared as text: nothing that
 * differs in case, user, port or encoding is the same page. `page` is null for contents that no window of ours owns.
 */
export function isAllowedNavigation(target: string, page: string | null): boolean {
  if (page === null) return false;
  return target === page || target.startsWith(`${page}#`);
}

/** A request that may leave a window: our own files, the developer tools' own, and data made by the page itself. */
export function isAllowedRequest(url: string): boolean {
  return url.startsWith(`${appOrigin}/`) || /^(devtools|data|blob):/.test(url);
}

/** What a page may be permitted by the operating system or the browser: nothing. */
export function decidePermission(_permission: string): boolean {
  return false;
}

const longestExternal = 2048;

/**
 * True for an https address on one of `hosts` (exact names) that may be handed to the system's browser: no user, no
 * port, no control or space characters, at most 2 048 long, and written the way it is read.
 */
export function isAllowedExternal(target: unknown, hosts: readonly string[]): boolean {
  if (typeof target !== 'string' || target.length > longestExternal) return false;
  if (!/^https:\/\/[a-z0-9.-]+(?:[/?#]|$)/.test(target)) return false;
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0020\u007f-\u009f\u2028\u2029\\]/.test(target)) return false;
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    return false;
  }
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '')
    return false;
  return hosts.includes(url.hostname) && target.startsWith(`https://${url.hostname}`);
}

/**
 * The served file that a request means, or null. Only names listed when the program started are served; whatever a
 * path holds (dots, encodings, separators, NUL), it is compared with that list and never given to the file system.
 */
export function resolveAppPath<File>(requested: string, files: ReadonlyMap<string, File>): File | null {
  if (!requested.startsWith(`${appOrigin}/`)) return null;
  return files.get(appPathOf(requested)) ?? null;
}

/** The path of an address of ours, as it is written; empty for any other. */
export function appPathOf(requested: string): string {
  if (!requested.startsWith(`${appOrigin}/`)) return '';
  return requested.slice(appOrigin.length + 1).split(/[?#]/, 1)[0] ?? '';
}

/** What main knows of the frame it is about to trust. */
export interface FrameFacts {
  url: string;
  origin: string;
  isMainFrame: boolean;
  destroyed: boolean;
}

/** True when a frame may be given a port: a living main frame that shows exactly the window's own page. */
export function isTrustedFrame(frame: FrameFacts | null, page: string | null): boolean {
  if (frame === null || frame.destroyed || !frame.isMainFrame) return false;
  return frame.origin === appOrigin && isAllowedNavigation(frame.url, page);
}
