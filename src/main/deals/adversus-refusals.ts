import { parseJson } from '../upstream/read-json.ts';
import { readRetryAfter } from '../upstream/retry.ts';
import type { RawAnswer } from '../upstream/send-request.ts';
import { UpstreamError } from '../upstream/upstream-error.ts';
import { errorWords } from './adversus-envelope.ts';

/** Throws what another try may mend (429, 5xx, 408) and a refused sign-in, which none will. */
export function refuseTemporary(answer: RawAnswer, wallMs: number): void {
  const { status } = answer;
  if (status === 429) {
    throw new UpstreamError(
      'UPSTREAM_BUSY',
      'Adversus says that we call too often (429). Try again in a few minutes.',
      {
        status,
        retryAfterMs: readRetryAfter(answer.retryAfter, answer.date, wallMs),
      },
    );
  }
  if (status >= 500 || status === 408) {
    throw new UpstreamError(
      'UPSTREAM_FAILED',
      `Adversus failed to answer (${status}${saying(answer)}). The next pass tries again; if it stays so, ask the vendor.`,
      { status },
    );
  }
  if (status !== 200 && status < 400) {
    throw new UpstreamError(
      'UPSTREAM_UNREADABLE',
      `Adversus answered ${status} instead of data. Check that OPSDECK_ADVERSUS_URL is the vendor's and ends with ` +
        'the version, /v1, and that no sign-in page of the network stands in between.',
      { status },
    );
  }
  if (status === 401) {
    throw new UpstreamError(
      'UPSTREAM_REFUSED',
      `Adversus refused the sign-in (401${saying(answer)}). Check OPSDECK_ADVERSUS_USER and OPSDECK_ADVERSUS_PASSWORD, ` +
        'and that the vendor has granted this API user the API permission.',
      { status },
    );
  }
}

/** What a list's refusal means, and what to do. */
export function refusal(answer: RawAnswer, what: string): UpstreamError {
  const { status } = answer;
  const said = `${status}${saying(answer)}`;
  const sentence =
    status === 403
      ? `Adversus does not let this API user read the ${what} (${said}). Check OPSDECK_ADVERSUS_USER and ` +
        'OPSDECK_ADVERSUS_PASSWORD, and ask the vendor for the API permission.'
      : status === 404
        ? `Adversus has no ${what} at this address (${said}). Check that OPSDECK_ADVERSUS_URL is the vendor's and ends with the version, /v1.`
        : `Adversus refused the ${what} (${said}). Check the field and page-size settings of the account, and OPSDECK_ADVERSUS_URL.`;
  return new UpstreamError('UPSTREAM_REFUSED', sentence, { status });
}

/** The vendor's own message in an error answer, if it sent one that can be read. */
function saying(answer: RawAnswer): string {
  try {
    const words = errorWords(parseJson(answer.body));
    return words ? `: "${words}"` : '';
  } catch {
    // An error answer need not be JSON; its status says enough.
    return '';
  }
}

/** The body of an error answer, in case the vendor quotes our sign-in in it. */
export function withoutSecrets(body: Uint8Array, secrets: readonly string[]): Uint8Array {
  const text = new TextDecoder().decode(body.subarray(0, 10_000));
  return new TextEncoder().encode(secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text));
}
