import { oc } from '@orpc/contract';
import { z } from 'zod';
import { wallBoard, wallPeriodView, wallSettings, wallState, wallWaiting } from './wall.ts';
import { wallPeriods } from './wall-plan.ts';

/** What the wall is told, for a console that shows what the wall will look like. */
export const wallPreviewContract = {
  board: oc.output(wallBoard),
  state: oc.output(wallState),
  settings: oc.output(wallSettings),
  period: oc.input(z.object({ period: z.enum(wallPeriods) })).output(wallPeriodView),
  waiting: oc.output(wallWaiting),
};
