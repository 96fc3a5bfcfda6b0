// Every repetition below has an upper bound: a hostile line must cost no more than its length.
const hidden = '[hidden]';

/** What the name of a field holds whose value never belongs in a log, whatever it is. */
const secretNames = 'password|passwd|passphrase|secret|token|api[-_]?key|authorization|cookie|credential';
const secretName = new RegExp(secretNames, 'i');
const secretField = new RegExp(
  String.raw`("(?:[\w.-]{0,40}(?:${secretNames})[\w.-]{0,40}|receiver|phone|phone_?number|mobile|msisdn)"\s{0,3}:\s{0,3})("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]{0,400})`,
  'gi',
);
/** The same names as they stand in a sentence or an environment: `password=…`, `OPSDECK_HTTP_TOKEN=…`. */
const secretWord =
  /(\b[\w-]{0,40}(?:password|passwd|secret|token|api[-_]?key)\b\s{0,3}[=:]\s{0,3})(?!\[hidden\])('[^'"\\]*'|[^\s"',;&}\])\\]+)/gi;
/** user:password@ of any URL; a password may hold an @ itself, so everything up to the last one goes. */
const urlCredentials = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"'\\<>]{0,500}@/gi;
const authorization = /\b(bearer|basic)\s{1,3}[A-Za-z0-9+/._~=-]{6,}/gi;
/** +46 70 123 45 67, 0046701234567. */
const internationalNumber = /(?<![\w.:+-])(?:\+|00)[1-9](?:[\s().-]{0,2}\d){7,13}(?!\w)/g;
/** 070-123 45 67, 08-12 34 56 78: a leading zero and seven to ten digits more. */
const localNumber = /(?<![\w.:+/-])0[1-9]\d{0,2}(?:[\s-]?\d){6,8}(?![\w-])/g;

/** Whether a field of this name holds a secret; for values that are taken apart before they are a text. */
export const isSecretField = (name: string): boolean => secretName.test(name);

/**
 * A line of log without what must not be in it: connection strings, passwords, tokens, phone numbers, and every one
 * of `secrets` as it stands, percent-encoded and escaped. Works on the finished text, so no nesting escapes it.
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let safe = text;
  // The longer first: one secret may begin with another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) safe = hideSecret(safe, secret);
  return safe
    .replace(urlCredentials, `$1${hidden}@`)
    .replace(secretField, `$1"${hidden}"`)
    .replace(authorization, `$1 ${hidden}`)
    .replace(secretWord, `$1${hidden}`)
    .replace(internationalNumber, hidden)
    .replace(localNumber, hidden);
}

function hideSecret(text: string, secret: string): string {
  // Shorter ones would blank ordinary words; no real secret is that short.
  if (secret.length < 4) return text;
  const forms = new Set([secret, percentEncoded(secret), JSON.stringify(secret).slice(1, -1)]);
  let safe = text;
  for (const form of forms) safe = safe.replaceAll(form, hidden);
  return safe;
}

function percentEncoded(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // A lone surrogate has no percent-encoding, so it cannot appear as one either.
    return secret;
  }
}
