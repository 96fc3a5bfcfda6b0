import type { LoggedRequest } from '../request-log.ts';

/** What may go wrong with an answer. A rule may name several; `drop`, `lose-answer` and `hang` end the matter. */
export type Fault =
  /** Another answer: an object body is sent as JSON, a text as it is. */
  | { kind: 'answer'; status: number; body?: unknown; contentType?: string; headers?: Record<string, string> }
  /** A web page with status 200, as a proxy or a captive portal would give. */
  | { kind: 'html' }
  | { kind: 'content-type'; contentType: string }
  | { kind: 'delay'; ms: number }
  /** Connection closed at once; the vendor never counted the call. */
  | { kind: 'drop' }
  /** The call is handled and counted, then the connection closes without an answer. */
  | { kind: 'lose-answer' }
  /** No answer until the client gives up or the sandbox closes. */
  | { kind: 'hang' }
  /** Valid HTTP with the JSON cut off after this share of the body (0.5). */
  | { kind: 'truncate'; keep?: number }
  /** Headers promise the whole body, the connection closes after this share of it (0.5). */
  | { kind: 'break-off'; keep?: number }
  /** Slow loris: so many bytes every so many milliseconds. */
  | { kind: 'trickle'; bytes: number; everyMs: number }
  | { kind: 'rewrite'; body: (body: string) => string | Uint8Array }
  /** Rows of another page under the asked page's number. */
  | { kind: 'repeat-page'; page: number }
  /** Leaves out a row (0 is the first), as shifting pages do. */
  | { kind: 'skip-row'; row: number }
  | { kind: 'repeat-row'; row: number }
  /** Moves `meta.pagination.total`, and the page count with it. */
  | { kind: 'wrong-total'; by: number }
  /** Not a fault: something to do before the request is answered, such as changing a lead between two pages. */
  | { kind: 'before'; run: () => void };

export interface FaultRule {
  /** The path's end, for example `/leads`; any path by default. */
  path?: string | RegExp;
  page?: number;
  when?: (request: LoggedRequest) => boolean;
  /** Which of the requests that match, counted from 1 when the rule was added; all by default. */
  call?: number | readonly number[];
  /** How many times at most; no end by default. */
  times?: number;
  do: Fault | readonly Fault[];
}

export interface AddedFault {
  /** How often it struck. */
  readonly hits: number;
  remove(): void;
}

/** The scripted faults of one simulated vendor. */
export class FaultPlan {
  #rules: { rule: FaultRule; seen: number; hits: number }[] = [];
  #injected = 0;

  /** Faults that struck so far, `before` hooks not counted. */
  get injected(): number {
    return this.#injected;
  }

  add(rule: FaultRule): AddedFault {
    const added = { rule, seen: 0, hits: 0 };
    this.#rules.push(added);
    return {
      get hits() {
        return added.hits;
      },
      remove: () => {
        this.#rules = this.#rules.filter((other) => other !== added);
      },
    };
  }

  /** Runs something before the n-th request from now on (1 is the next), optionally only to a path's end. */
  beforeCall(call: number, run: () => void, path?: string): AddedFault {
    return this.add({ call, do: { kind: 'before', run }, ...(path === undefined ? {} : { path }) });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The faults this request meets. */
  meet(request: LoggedRequest): Fault[] {
    const met: Fault[] = [];
    for (const added of this.#rules) {
      if (!concerns(added.rule, request)) continue;
      added.seen++;
      const { call, times = Infinity } = added.rule;
      const calls = typeof call === 'number' ? [call] : call;
      if (added.hits >= times || (calls !== undefined && !calls.includes(added.seen))) continue;
      added.hits++;
      met.push(...[added.rule.do].flat());
    }
    this.#injected += met.filter((fault) => fault.kind !== 'before').length;
    return met;
  }
}

function concerns({ path, page, when }: FaultRule, request: LoggedRequest): boolean {
  if (typeof path === 'string' && !request.path.endsWith(path)) return false;
  if (path instanceof RegExp && !path.test(request.path)) return false;
  if (page !== undefined && page !== Number(request.query['page'] ?? 1)) return false;
  return when === undefined || when(request);
}

/** The one fault of a kind among those met, if any. */
export function faultOf<K extends Fault['kind']>(
  met: readonly Fault[],
  kind: K,
): Extract<Fault, { kind: K }> | undefined {
  return met.find((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);
}
