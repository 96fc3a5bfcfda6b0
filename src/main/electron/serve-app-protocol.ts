import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import type { Log } from '../log.ts';
import { listAppFiles, type AppFile } from './list-app-files.ts';
import { contentSecurityPolicy, noncePlaceholder } from './content-security-policy.ts';
import type { WallMedia } from './wall-media.ts';
import { appPathOf, resolveAppPath } from './window-policy.ts';

/** Makes `app:` a proper origin. To be called before Electron is ready. */
export function declareAppProtocol(): void {
  // Node loads what `Response` is made of at its first use; better now than when the page is asked for.
  Reflect.get(globalThis, 'Response');
  protocol.registerSchemesAsPrivileged([
    // Compiled scripts are kept in the data folder, by their content: a start does not compile them again.
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the files that lie in `folder` now and what `media` lists, and nothing else, under app://opsdeck/. */
export function serveAppProtocol(
  session: Session,
  folder: string,
  log: Log,
  media: Pick<WallMedia, 'read'>,
): void {
  const files = listAppFiles(folder);
  if (files.size === 0) throw new Error(`There are no pages in ${folder}; build them with: npm run build`);
  session.protocol.handle('app', async (request) => {
    const nonce = randomBytes(18).toString('base64');
    const file = request.method === 'GET' ? resolveAppPath(request.url, files) : null;
    const own = file === null && request.method === 'GET' ? await media.read(appPathOf(request.url)) : null;
    if (own !== null) return respond(200, own.type, own.body, nonce);
    if (file === null) return respond(404, 'text/plain; charset=utf-8', 'Not found', nonce);
    try {
      return respond(200, file.type, await readBody(file, nonce), nonce);
    } catch (error) {
      log.error('A file of the program could not be read', { file: file.path, error });
      return respond(500, 'text/plain; charset=utf-8', 'Not readable', nonce);
    }
  });
}

async function readBody(file: AppFile, nonce: string): Promise<string | Uint8Array<ArrayBuffer>> {
  if (!file.type.startsWith('text/html')) return new Uint8Array(await readFile(file.path));
  return (await readFile(file.path, 'utf8')).replaceAll(noncePlaceholder, nonce);
}

function respond(
  status: number,
  type: string,
  body: string | Uint8Array<ArrayBuffer>,
  nonce: string,
): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy(nonce),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  });
}
