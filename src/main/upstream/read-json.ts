import { UpstreamError } from './upstream-error.ts';

/** Largest answer read, in bytes after decompression; a page of 1000 leads is 1 to 3 MB. */
export const pageBytes = 25 * 1024 * 1024;

/** Nothing of ours lies deeper than this in an answer. */
const maxDepth = 32;

/**
 * Reads a body to its end, at most `maxBytes` (else UPSTREAM_UNREADABLE, and the rest is never fetched). Values
 * nested deeper than 32 come back emptied: recursive code further on would overflow, and one record's odd content
 * must not cost the whole page. Errors of the stream itself pass unchanged.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  const emptyDeepValues = depthScanner();
  let size = 0;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      emptyDeepValues(value);
      chunks.push(value);
    }
  } catch (error) {
    // Also closes the connection, so that a vendor that goes on sending stops.
    await reader.cancel().catch(() => {});
    throw error;
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(maxBytes: number): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_UNREADABLE',
    `The answer is larger than ${Math.round(maxBytes / 1_048_576)} MB and was not read. Ask for smaller pages.`,
    { again: false },
  );
}

/** Blanks, chunk by chunk and in place, what lies inside containers at the depth limit. Only ASCII is looked at. */
function depthScanner(): (chunk: Uint8Array) => void {
  let depth = 0;
  let inString = false;
  let escaped = false;
  return (chunk) => {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      const wasDeep = depth >= maxDepth;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
        if (wasDeep) chunk[i] = 0x20;
        continue;
      }
      if (byte === 0x22) inString = true;
      else if (byte === 0x7b || byte === 0x5b) depth += 1;
      else if (byte === 0x7d || byte === 0x5d) depth -= 1;
      if (wasDeep && depth >= maxDepth) chunk[i] = 0x20;
    }
  };
}

/**
 * Parses a whole body, whatever its content type says. UPSTREAM_UNREADABLE for a web page, a cut or otherwise
 * broken document and an empty body. Bytes that are not UTF-8 become U+FFFD: then one field is odd, not the page.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = new TextDecoder('utf-8').decode(bytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own error quotes the answer, so it is not kept as the cause.
    throw new UpstreamError('UPSTREAM_UNREADABLE', explainUnparsable(text));
  }
}

function explainUnparsable(text: string): string {
  const start = text.trimStart();
  const advice = 'The next pass tries again; if it stays so, ask the vendor or check the address.';
  if (start === '') return `The answer is empty. ${advice}`;
  if (start.startsWith('<')) return `The answer is a web page instead of data${titleOf(start)}. ${advice}`;
  return `The answer is cut short or is not JSON (${capture(start)}). ${advice}`;
}

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(html.slice(0, 4_000))?.[1];
  return title ? ` ("${vendorWords(title)}")` : '';
}

/** The outline of an answer without its content: letters and digits are masked, for logs and diagnostics. */
export function capture(text: string): string {
  const mask = (part: string) =>
    part
      .replace(/\p{L}/gu, 'a')
      .replace(/\p{N}/gu, '0')
      .replace(/[^\x20-\x7e]/g, '.');
  return text.length <= 80 ? mask(text) : `${mask(text.slice(0, 50))} … ${mask(text.slice(-20))}`;
}

/** A vendor's own message, short and harmless enough to show: no line breaks, addresses or long numbers. */
export function vendorWords(text: string): string {
  return text
    .slice(0, 160)
    .replace(/[^\x20-\x7e\u00a0-\u024f]+/g, ' ')
    .replace(/\S+@\S+/g, '…')
    .replace(/\+?\d[\d -]{4,}\d/g, '…')
    .trim()
    .slice(0, 120);
}
