import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf, type Fault } from './faults.ts';

/** An answer before it meets the connection. */
export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends an answer as the faults want it. `onEnd` is told the size of the body just before its last byte goes out: a
 * client that asks again at once must not find this call still in flight.
 */
export async function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  met: readonly Fault[],
  signal: AbortSignal,
  onEnd: (bytes: number) => void,
): Promise<void> {
  if (met.some(({ kind }) => kind === 'lose-answer' || kind === 'drop')) {
    response.destroy();
    return;
  }
  if (faultOf(met, 'hang')) {
    await sleep(2 ** 31 - 1, undefined, { signal, ref: false }).catch(() => undefined);
    return;
  }
  const { status, body, contentType, headers } = replaceAnswer(answer, met);
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  response.writeHead(status, {
    'content-type': contentType ?? 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...headers,
  });
  const breakOff = faultOf(met, 'break-off');
  if (breakOff !== undefined)
    return breakConnection(response, bytes.subarray(0, share(bytes.length, breakOff.keep)));
  const trickle = faultOf(met, 'trickle');
  if (trickle !== undefined) return sendSlowly(response, bytes, trickle, signal, onEnd);
  onEnd(bytes.length);
  response.end(bytes);
}

function replaceAnswer(answer: Answer, met: readonly Fault[]): Answer {
  let replaced = answer;
  for (const fault of met) {
    if (fault.kind === 'answer') replaced = scripted(fault);
    if (fault.kind === 'html') {
      const body = '<!doctype html><html><body><h1>Please sign in</h1></body></html>';
      replaced = { status: 200, body, contentType: 'text/html; charset=utf-8' };
    }
    if (fault.kind === 'content-type') replaced = { ...replaced, contentType: fault.contentType };
    if (fault.kind === 'rewrite') replaced = { ...replaced, body: fault.body(asText(replaced.body)) };
    if (fault.kind === 'truncate') {
      const text = asText(replaced.body);
      replaced = { ...replaced, body: text.slice(0, share(text.length, fault.keep)) };
    }
  }
  return replaced;
}

function scripted({ status, body, contentType, headers }: Extract<Fault, { kind: 'answer' }>): Answer {
  const text =
    typeof body === 'string' ? body : JSON.stringify(body ?? { code: status, message: `Scripted ${status}` });
  return { status, body: text, ...(contentType ? { contentType } : {}), ...(headers ? { headers } : {}) };
}

function asText(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : Buffer.from(body).toString();
}

function share(length: number, keep = 0.5): number {
  return Math.floor(length * keep);
}

async function breakConnection(response: ServerResponse, part: Uint8Array): Promise<void> {
  // Destroying at once could take back what was written: let the part leave first.
  await new Promise((resolve) => response.write(part, resolve));
  response.destroy();
}

async function sendSlowly(
  response: ServerResponse,
  bytes: Uint8Array,
  { bytes: step, everyMs }: { bytes: number; everyMs: number },
  signal: AbortSignal,
  onEnd: (bytes: number) => void,
): Promise<void> {
  for (let sent = 0; sent < bytes.length && !response.destroyed; sent += step) {
    response.write(bytes.subarray(sent, sent + step));
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    // The client left or the sandbox closes: what was sent is all there is.
    if (signal.aborted) return;
  }
  onEnd(bytes.length);
  response.end();
}
