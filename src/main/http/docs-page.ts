import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { HttpAnswer } from './http-refusal.ts';

/** Nothing from anywhere else; styles that the page's own script sets are its own. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Opsdeck HTTP API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Dark where the system is. Pages send an Origin with what changes something, which is refused: only GET can be tried out. */
const start = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
follow();
dark.addEventListener('change', follow);
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  supportedSubmitMethods: ['get'],
  validatorUrl: null,
  defaultModelsExpandDepth: -1,
});
`;

/** The only files there are, by path; those without a text are the documentation program's. */
const files: Readonly<Record<string, { type: string; text?: string }>> = {
  '/docs': { type: 'text/html; charset=utf-8', text: page },
  '/docs/': { type: 'text/html; charset=utf-8', text: page },
  '/docs/start.js': { type: 'text/javascript; charset=utf-8', text: start },
  '/docs/swagger-ui.css': { type: 'text/css; charset=utf-8' },
  '/docs/swagger-ui-bundle.js': { type: 'text/javascript; charset=utf-8' },
  '/docs/favicon-32x32.png': { type: 'image/png' },
};

/** A file of the documentation page, which works offline; null for any other path. */
export async function docsFile(path: string): Promise<HttpAnswer | null> {
  const file = Object.hasOwn(files, path) ? files[path]! : null;
  if (file === null) return null;
  const body = file.text ?? (await readFile(join(distFolder(), path.slice('/docs/'.length))));
  return {
    status: 200,
    headers: {
      'content-type': file.type,
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    },
    body,
  };
}

function distFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}
