import type { SandboxClock } from '../sandbox-clock.ts';
import { seededRandom } from '../seeded-random.ts';

/** A user as the simulated directory keeps it. */
export interface SandboxUser {
  readonly id: string;
  readonly email: string;
  readonly created_at: string;
  readonly user_metadata: Readonly<Record<string, unknown>>;
}

/** What the simulated directory holds, newest first, as it is listed. Emails are compared without case. */
export class DirectoryState {
  readonly #clock: SandboxClock;
  readonly #seed: string;
  #made = 0;
  #users: SandboxUser[] = [];
  #removed = 0;

  constructor(clock: SandboxClock, seed: string) {
    this.#clock = clock;
    this.#seed = seed;
  }

  get users(): readonly SandboxUser[] {
    return this.#users;
  }

  /** Users deleted so far. */
  get removed(): number {
    return this.#removed;
  }

  withEmail(email: string): SandboxUser[] {
    const wanted = email.toLowerCase();
    return this.#users.filter((user) => user.email.toLowerCase() === wanted);
  }

  byId(id: string): SandboxUser | undefined {
    return this.#users.find((user) => user.id === id);
  }

  /** Adds a user whatever there is already, as other programs of the directory's owner do. */
  add(email: string, metadata: Readonly<Record<string, unknown>> = {}): SandboxUser {
    const user = {
      id: this.#uuid(email),
      email,
      created_at: new Date(this.#clock.now()).toISOString(),
      user_metadata: metadata,
    };
    this.#users = [user, ...this.#users];
    return user;
  }

  remove(id: string): boolean {
    const left = this.#users.filter((user) => user.id !== id);
    const isGone = left.length < this.#users.length;
    this.#users = left;
    if (isGone) this.#removed++;
    return isGone;
  }

  /** Another after a restart too: the instant is part of it. */
  #uuid(email: string): string {
    const random = seededRandom(`${this.#seed}:${this.#clock.now()}:${++this.#made}:${email}`);
    const hex = Array.from({ length: 32 }, () => random.int(0, 15).toString(16)).join('');
    const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`];
    return [...parts, hex.slice(20)].join('-');
  }
}

/** People who were in the directory before: none of ours. */
export const foreignEmails = [
  'Karin.Holm@example.com',
  'johan.ek@example.com',
  'support@example.com',
  'Sara.Lind@Example.com',
  'no-reply@example.com',
] as const;
