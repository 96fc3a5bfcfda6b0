/** A clock the sandbox lives by: it can run, stand still, run faster, and be moved. Milliseconds since 1970. */
export interface SandboxClock {
  now(): number;
  /** Moves the clock; a frozen clock stays frozen, a running one goes on from there. */
  set(instant: Instant): void;
  /** Moves the clock forward by so many milliseconds. */
  advance(milliseconds: number): void;
  freeze(): void;
  /** Lets the clock run at `speed` seconds per real second, 1 by default. */
  run(speed?: number): void;
}

export type Instant = number | string | Date;

export interface SandboxClockOptions {
  /** Where the clock starts; the real time by default. */
  start?: Instant;
  /** 0 is a frozen clock; 1 (the default) runs with real time; 60 makes a minute of a second. */
  speed?: number;
  realNow?: () => number;
}

/** Builds a clock; throws a RangeError when an instant cannot be read. */
export function createSandboxClock(options: SandboxClockOptions = {}): SandboxClock {
  const realNow = options.realNow ?? Date.now;
  let speed = options.speed ?? 1;
  let realOrigin = realNow();
  let origin = options.start === undefined ? realOrigin : toMilliseconds(options.start);

  const now = () => Math.floor(origin + (realNow() - realOrigin) * speed);
  const restart = (at: number) => {
    origin = at;
    realOrigin = realNow();
  };
  const changeSpeed = (next: number) => {
    restart(now());
    speed = next;
  };
  return {
    now,
    set: (instant) => restart(toMilliseconds(instant)),
    advance: (milliseconds) => restart(now() + milliseconds),
    freeze: () => changeSpeed(0),
    run: (next = 1) => changeSpeed(next),
  };
}

/** Milliseconds since 1970 of an ISO text, a Date or a number; throws a RangeError for anything unreadable. */
export function toMilliseconds(instant: Instant): number {
  const at =
    instant instanceof Date ? instant.getTime() : typeof instant === 'number' ? instant : Date.parse(instant);
  if (!Number.isFinite(at)) throw new RangeError(`Not an instant: ${String(instant)}`);
  return at;
}
