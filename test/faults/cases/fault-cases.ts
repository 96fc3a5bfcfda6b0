import type { FaultCase } from '../support/fault-case.ts';
import { agentsAtWork } from './agents-at-work.ts';
import { blackHole } from './black-hole.ts';
import { consolesDeciding } from './consoles-deciding.ts';
import { cutPower } from './cut-power.ts';
import { errorClasses } from './error-classes.ts';
import { fullDisk } from './full-disk.ts';
import { killedConsole } from './killed-console.ts';
import { killedKeeper } from './killed-keeper.ts';
import { leaderTakeover } from './leader-takeover.ts';
import { lostLeader } from './lost-leader.ts';
import { overlappingPasses } from './overlapping-passes.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { serverDeath } from './server-death.ts';
import { unknownCommit } from './unknown-commit.ts';
import { usedUpPool } from './used-up-pool.ts';

/** Every case, with the rounds that a run by hand takes unless told otherwise. */
export const faultCases: readonly { fault: FaultCase; rounds: number }[] = [
  { fault: blackHole, rounds: 3 },
  { fault: serverDeath, rounds: 24 },
  { fault: leaderTakeover, rounds: 50 },
  { fault: usedUpPool, rounds: 2 },
  { fault: errorClasses, rounds: 2 },
  { fault: unknownCommit, rounds: 500 },
  { fault: reconnectStorm, rounds: 3 },
  { fault: overlappingPasses, rounds: 40 },
  { fault: killedKeeper, rounds: 200 },
  { fault: cutPower, rounds: 500 },
  { fault: fullDisk, rounds: 5 },
  { fault: agentsAtWork, rounds: 11 },
  { fault: consolesDeciding, rounds: 30 },
  { fault: killedConsole, rounds: 200 },
  { fault: lostLeader, rounds: 50 },
];
