import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import type { Log } from '../log.ts';
import { contentSecurityPolicy, noncePlaceholder } from './content-security-policy.ts';
import { resolveAppPath } from './window-policy.ts';

interface AppFile {
  path: string;
  type: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
};

/** Makes `app:` a proper origin. To be called before Electron is ready. */
export function declareAppProtocol(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the files that lie in `folder` now, and nothing else, under app://opsdeck/. */
export function serveAppProtocol(session: Session, folder: string, log: Log): void {
  const files = listAppFiles(folder);
  if (files.size === 0) throw new Error(`There are no pages in ${folder}; build them with: npm run build`);
  session.protocol.handle('app', async (request) => {
    const nonce = randomBytes(18).toString('base64');
    const file = request.method === 'GET' ? resolveAppPath(request.url, files) : null;
    if (file === null) return respond(404, 'text/plain; charset=utf-8', 'Not found', nonce);
    try {
      return respond(200, file.type, await readBody(file, nonce), nonce);
    } catch (error) {
      log.error('A file of the program could not be read', { file: file.path, error });
      return respond(500, 'text/plain; charset=utf-8', 'Not readable', nonce);
    }
  });
}

/** Every file of a folder by its path inside it (with slashes); unknown kinds are not served. */
export function listAppFiles(folder: string): Map<string, AppFile> {
  const files = new Map<string, AppFile>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const type = types[extname(entry.name)];
    if (entry.isFile() && type !== undefined)
      files.set(relative(folder, path).split(sep).join('/'), { path, type });
  }
  return files;
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
