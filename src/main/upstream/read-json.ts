import { UpstreamError } from './upstream-error.ts';

/** Largest answer read, in bytes after decompression; a page of 1000 leads is 1 to 3 MB. */
export const pageBytes = 25 * 1024 * 1024;

/** Nothing of ours lies deeper than this in an answer. */
const maxDepth = 32;

/**
 * Reads a body to its end, at most `maxBytes` (else UPSTREAM_UNREADABLE, and the rest is never fetched). Values
 * nested deeper than 32 come back emptied: recursive code further on would overflow, and one record's odd content
 * must not cost the whole page; unless it is to be left at any depth. Errors of the stream itself pass unchanged.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  anyDepth = false,
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
      if (!anyDepth) emptyDeepValues(value);
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

/** What a byte means outside of strings: 1 begins one, 2 opens a container, 3 closes one. */
const meaning = new Uint8Array(256);
meaning[0x22] = 1;
meaning[0x7b] = meaning[0x5b] = 2;
meaning[0x7d] = meaning[0x5d] = 3;

/**
 * Blanks, chunk by chunk and in place, what lies inside containers at the depth limit. Only ASCII is looked at. Written
 * for speed: main looks at each of millions of bytes, and strings are most of them.
 */
function depthScanner(): (chunk: Uint8Array) => void {
  const between = { depth: 0, inString: false, escaped: false };
  return (chunk) => {
    let { depth, inString, escaped } = between;
    const end = chunk.length;
    for (let at = 0; at < end;) {
      const from = at;
      const wasDeep = depth >= maxDepth;
      let byte = chunk[at++]!;
      if (inString) {
        // On to the quote or backslash; what follows a backslash is neither.
        if (!escaped) while (byte !== 0x22 && byte !== 0x5c && at < end) byte = chunk[at++]!;
        inString = escaped || byte !== 0x22;
        escaped = !escaped && byte === 0x5c;
      } else {
        const means = meaning[byte];
        if (means === 1) inString = true;
        else if (means === 2) depth += 1;
        else if (means === 3) depth -= 1;
      }
      if (wasDeep && depth >= maxDepth) chunk.fill(0x20, from, at);
    }
    Object.assign(between, { depth, inString, escaped });
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
