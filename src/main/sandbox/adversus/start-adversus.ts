import { RequestLog } from '../request-log.ts';
import { createSandboxClock, type SandboxClock } from '../sandbox-clock.ts';
import { createZoneTime } from '../zone-time.ts';
import { Answerer } from './answer-request.ts';
import { FaultPlan } from './faults.ts';
import { documentedLimits, LimitCounter, type VendorLimits } from './limits.ts';
import { OfficeFeed, type LiveSpan } from './office-feed.ts';
import { BASE_PATH, serveAdversus } from './server.ts';
import { AdversusState } from './state.ts';
import { createSwitchBoard, type AdversusSwitches, type SwitchBoard } from './switches.ts';

export interface AdversusOptions {
  /** Same seed, clock and live spans: same bytes. */
  seed?: string | number;
  clock?: SandboxClock;
  /** `lively` (default) is an office at work, `empty` has people and campaigns but no lead and no message. */
  office?: 'lively' | 'empty';
  /** A new deal every 40 to 90 s from the start on; true by default, for `lively` only. */
  live?: boolean;
  /** Earlier stretches in which live deals came in: they are there again. */
  liveBefore?: readonly LiveSpan[];
  /** Told before new live deals become visible, with the instant they were asked for. */
  onLive?: (until: number) => void;
  switches?: Partial<AdversusSwitches>;
  limits?: Partial<VendorLimits> | 'off';
  /** The time the limits and the log go by: real time, also when the sandbox clock stands still. */
  realNow?: () => number;
  /** The account's time zone. */
  timeZone?: string;
  port?: number;
  user?: string;
  password?: string;
}

export interface AdversusSandbox {
  /** With the version: `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** What the vendor holds, brought up to the clock at every look. */
  readonly state: AdversusState;
  readonly faults: FaultPlan;
  readonly log: RequestLog;
  readonly limits: LimitCounter;
  readonly switches: SwitchBoard;
  readonly clock: SandboxClock;
  close(): Promise<void>;
}

/** Starts a simulated Adversus on loopback. Stop it with `close`. */
export async function startAdversus(options: AdversusOptions = {}): Promise<AdversusSandbox> {
  const { user = 'sandbox', password = 'sandbox', realNow = Date.now } = options;
  const clock = options.clock ?? createSandboxClock();
  const zone = createZoneTime(options.timeZone ?? 'Europe/Stockholm');
  const board = createSwitchBoard(options.switches);
  const limits = new LimitCounter(readLimits(options.limits), realNow);
  const state = new AdversusState(() => clock.now());
  const feed = createFeed(options, clock.now(), zone);
  const advance = () => {
    if (feed !== undefined) state.applyEvents(feed.takeUntil(clock.now()));
  };
  const faults = new FaultPlan();
  const log = new RequestLog();
  let baseUrl = '';
  const answerer = new Answerer(state, board, zone, () => baseUrl);
  const parts = { clock, answerer, limits, faults, log, board, user, password, realNow, advance };
  advance();
  const server = await serveAdversus(parts, options.port);
  baseUrl = `http://127.0.0.1:${server.port}${BASE_PATH}`;
  return {
    url: baseUrl,
    port: server.port,
    user,
    password,
    get state() {
      advance();
      return state;
    },
    faults,
    log,
    limits,
    switches: board,
    clock,
    close: () => server.close(),
  };
}

function createFeed(options: AdversusOptions, startedAt: number, zone: ReturnType<typeof createZoneTime>) {
  if (options.office === 'empty') return undefined;
  const before = options.liveBefore ?? [];
  const liveSpans = options.live === false ? before : [...before, { from: startedAt }];
  return new OfficeFeed({
    seed: String(options.seed ?? 'opsdeck'),
    zone,
    startedAt,
    liveSpans,
    ...(options.onLive === undefined || options.live === false ? {} : { onLive: options.onLive }),
  });
}

function readLimits(given: AdversusOptions['limits']): VendorLimits | 'off' {
  return given === 'off' ? 'off' : { ...documentedLimits, ...given };
}
