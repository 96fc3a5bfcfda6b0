import { HttpRefusal } from './http-refusal.ts';

/** What a request says before its body. `headers` as they came in, names and values in turn. */
export interface RequestHead {
  method: string;
  target: string;
  headers: readonly string[];
}

/** Every value that a header came with. */
export function headerValues(headers: readonly string[], name: string): string[] {
  return headers.flatMap((text, at) =>
    at % 2 === 0 && text.toLowerCase() === name ? [headers[at + 1] ?? ''] : [],
  );
}

/**
 * Refuses whoever does not call us by our own address: a page whose name was bent to this computer sends its own name,
 * and a browser's page says where it comes from.
 */
export function checkSender(head: RequestHead, port: number): void {
  const hosts = headerValues(head.headers, 'host');
  const ours = [`127.0.0.1:${port}`, `localhost:${port}`, ...(port === 80 ? ['127.0.0.1', 'localhost'] : [])];
  if (hosts.length !== 1 || !ours.includes(hosts[0]!)) {
    throw new HttpRefusal(
      403,
      'FORBIDDEN',
      `Call this server as 127.0.0.1:${port}; nothing else is answered.`,
    );
  }
  if (headerValues(head.headers, 'origin').length > 0) {
    throw new HttpRefusal(
      403,
      'FORBIDDEN',
      'Web pages may not call this server: leave the Origin header out.',
    );
  }
  // Never an absolute address, as a proxy would get it, nor one that others may read in two ways.
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(head.target) || head.target.includes('#')) {
    throw new HttpRefusal(
      400,
      'BAD_REQUEST',
      'The path has to begin with one / and hold plain characters only.',
    );
  }
}

/** The bearer token of a request; null: none, or not exactly one. */
export function bearerToken(headers: readonly string[]): string | null {
  const given = headerValues(headers, 'authorization');
  const found = given.length === 1 ? /^bearer +([\x21-\x7e]{1,512})$/i.exec(given[0]!) : null;
  return found?.[1] ?? null;
}
