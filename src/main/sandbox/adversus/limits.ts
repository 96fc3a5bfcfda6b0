/** The vendor's three limits; each holds at any instant, over a sliding stretch of real time. */
export interface VendorLimits {
  readonly perMinute: number;
  readonly perHour: number;
  readonly concurrent: number;
}

export const documentedLimits: VendorLimits = { perMinute: 60, perHour: 1000, concurrent: 2 };

export type Entry =
  | { readonly admitted: true; leave(): void }
  | { readonly admitted: false; readonly message: string; readonly retryAfterSeconds: number };

/** Counts calls against all limits together. `now` is real time, not the sandbox's. */
export class LimitCounter {
  readonly #limits: VendorLimits | 'off';
  readonly #now: () => number;
  #calls: number[] = [];
  #inFlight = 0;

  constructor(limits: VendorLimits | 'off', now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Forgets the calls made so far; those in flight stay counted. */
  reset(): void {
    this.#calls = [];
  }

  /** Admits a call or says which limit refuses it. `refusedCount`: a refused call counts as one too. */
  enter(refusedCount = false): Entry {
    const now = this.#now();
    this.#forgetBefore(now - 3_600_000);
    const refusal = this.#refusal(now);
    if (refusal === undefined || refusedCount) this.#calls.push(now);
    if (refusal !== undefined) return { admitted: false, ...refusal };
    this.#inFlight++;
    let left = false;
    const leave = () => {
      if (!left) this.#inFlight--;
      left = true;
    };
    return { admitted: true, leave };
  }

  #refusal(now: number): { message: string; retryAfterSeconds: number } | undefined {
    if (this.#limits === 'off') return undefined;
    const { perMinute, perHour, concurrent } = this.#limits;
    if (this.#inFlight >= concurrent) return { message: 'Too many active requests', retryAfterSeconds: 1 };
    const ofMinute = this.#calls[this.#calls.length - perMinute];
    if (ofMinute !== undefined && ofMinute > now - 60_000) return tooMany(ofMinute + 60_000 - now);
    const ofHour = this.#calls[this.#calls.length - perHour];
    return ofHour === undefined ? undefined : tooMany(ofHour + 3_600_000 - now);
  }

  #forgetBefore(instant: number): void {
    const keep = this.#calls.findIndex((at) => at > instant);
    if (keep !== 0) this.#calls = keep === -1 ? [] : this.#calls.slice(keep);
  }
}

function tooMany(milliseconds: number) {
  return { message: 'Too many requests', retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) };
}
