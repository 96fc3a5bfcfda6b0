/** One request as the simulated vendor saw it. Never holds a header, so no password. Times are real time. */
export interface LoggedRequest {
  /** 1 for the first request ever, counted over refused ones too. */
  readonly number: number;
  readonly at: number;
  /** The sandbox clock when it came in. */
  readonly sandboxTime: number;
  readonly method: string;
  /** Without the query, e.g. `/v1/leads`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Requests in flight, this one included. */
  readonly concurrent: number;
  /** Not set while the answer is out; 0 when the connection was dropped instead. */
  readonly status?: number;
  readonly endedAt?: number;
  readonly bytes?: number;
  /** Kinds of the scripted faults it met. */
  readonly faults: readonly string[];
}

export type RequestFilter = (request: LoggedRequest) => boolean;

const KEEP = 100_000;

/** Remembers every request (the last 100 000) and answers what tests ask of them. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  #count = 0;
  #open = 0;

  get all(): readonly LoggedRequest[] {
    return this.#requests;
  }

  get last(): LoggedRequest | undefined {
    return this.#requests.at(-1);
  }

  /** Requests whose answer is still out. */
  get open(): number {
    return this.#open;
  }

  begin(request: Pick<LoggedRequest, 'at' | 'sandboxTime' | 'method' | 'path' | 'query'>): LoggedRequest {
    const entry: LoggedRequest = { number: ++this.#count, ...request, concurrent: ++this.#open, faults: [] };
    this.#requests.push(entry);
    if (this.#requests.length > KEEP * 1.1) this.#requests = this.#requests.slice(-KEEP);
    return entry;
  }

  note(entry: LoggedRequest, faults: readonly string[]): void {
    Object.assign(entry, { faults });
  }

  end(entry: LoggedRequest, outcome: Required<Pick<LoggedRequest, 'status' | 'endedAt' | 'bytes'>>): void {
    this.#open--;
    Object.assign(entry, outcome);
  }

  /** Forgets all requests; numbers go on. */
  clear(): void {
    this.#requests = [];
  }

  where(filter: RequestFilter): LoggedRequest[] {
    return this.#requests.filter(filter);
  }

  count(filter: RequestFilter = () => true): number {
    return this.where(filter).length;
  }

  /** Requests whose path ends so, for example `/leads`. */
  to(pathEnd: string): LoggedRequest[] {
    return this.where((request) => request.path.endsWith(pathEnd));
  }

  /** The most requests in any sliding minute, refused ones included unless filtered out. */
  maxPerMinute(filter: RequestFilter = () => true): number {
    return this.maxWithin(60_000, filter);
  }

  maxPerHour(filter: RequestFilter = () => true): number {
    return this.maxWithin(3_600_000, filter);
  }

  /** The most requests within any stretch of so many milliseconds. */
  maxWithin(milliseconds: number, filter: RequestFilter = () => true): number {
    const times = this.where(filter).map((request) => request.at);
    let most = 0;
    for (let first = 0, last = 0; last < times.length; last++) {
      while ((times[last] ?? 0) - (times[first] ?? 0) >= milliseconds) first++;
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  maxConcurrent(filter: RequestFilter = () => true): number {
    return Math.max(0, ...this.where(filter).map((request) => request.concurrent));
  }
}
