import { sameEmail, type DirectoryUser } from './directory-client.ts';
import { isKeyOfEmail, type KeyedRequest } from './request-key.ts';

/** A stored request, as far as deciding needs it. */
export interface StandingRequest {
  key: string;
  email: string;
  name: string;
  plan: string;
  state: 'open' | 'finished' | 'refused';
}

/** Whether a request may go on, under which key, or why not. */
export type Standing =
  | { kind: 'new' }
  | { kind: 'open'; key: string }
  | { kind: 'finished'; key: string }
  /** It was refused before; nothing was made, so it is looked at anew. */
  | { kind: 'again'; key: string }
  | { kind: 'refused'; why: string };

/**
 * What a request is, seen beside the stored one of its key and the live one of its email. One that came without a key
 * is the live one of its email; asked under another key, or with other details, it is refused.
 */
export function decideStanding(
  request: KeyedRequest,
  stored: { ofKey: StandingRequest | null; ofEmail: StandingRequest | null },
): Standing {
  const { ofKey, ofEmail } = stored;
  if (ofKey && !sameEmail(ofKey.email, request.email))
    return refused(`The key ${request.key} belongs to a request for another email. Ask under another key.`);
  if (ofEmail && ofEmail.key !== request.key && !isKeyOfEmail(request)) {
    return refused(
      `An account for ${request.email} was asked for under another key already (${ofEmail.key}). Nothing was made.`,
    );
  }
  const standing = ofEmail ?? ofKey;
  if (!standing) return { kind: 'new' };
  if (standing.state === 'refused') return { kind: 'again', key: standing.key };
  if (standing.name !== request.name || standing.plan !== request.plan) {
    return refused(
      `An account for ${request.email} was asked for already, as ${standing.name} with plan ${standing.plan}. ` +
        'Nothing was made or changed.',
    );
  }
  return { kind: standing.state, key: standing.key };
}

/** Our own row of an account. */
export interface LocalAccount {
  requestKey: string;
  directoryId: string;
}

/** What to do next about a request. */
export type NextStep =
  | { do: 'create' }
  /** It is in the directory under our key: only our own row is missing. */
  | { do: 'complete'; user: DirectoryUser }
  | { do: 'skip'; local: LocalAccount }
  | { do: 'refuse'; why: string };

/** Decides from the directory's answer and our own row. Nothing is created unless both know nothing of the email. */
export function decideNext(
  request: Pick<KeyedRequest, 'key' | 'email'>,
  found: DirectoryUser | null,
  local: LocalAccount | null,
): NextStep {
  if (local) {
    if (local.requestKey === request.key) return { do: 'skip', local };
    return {
      do: 'refuse',
      why: `${request.email} has an account already, made by another request (${local.requestKey}).`,
    };
  }
  if (!found) return { do: 'create' };
  if (found.requestKey === request.key) return { do: 'complete', user: found };
  return {
    do: 'refuse',
    why:
      found.requestKey === null
        ? `${request.email} belongs to an account in the directory that is none of ours. Nothing was made or changed.`
        : `${request.email} is in the directory under another request (${found.requestKey}). Nothing was made or changed.`,
  };
}

function refused(why: string): Standing {
  return { kind: 'refused', why };
}
