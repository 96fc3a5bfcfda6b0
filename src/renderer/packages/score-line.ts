import type { PackagesHealth } from '../../shared/contract/my-packages.ts';

type Point = PackagesHealth['trend'][number];

/** A trend as lines of a drawing. `floor`: the score at its lower edge, so that small changes can be seen. */
export interface ScoreLine {
  readonly floor: number;
  /** Runs of scores without a gap: a validation of nothing has none. */
  readonly runs: readonly (readonly { readonly x: number; readonly y: number; readonly point: Point }[])[];
}

/** Places scores evenly on a drawing; the lower edge is a round number below the lowest and the target. */
export function scoreLine(
  points: readonly Point[],
  target: number,
  size: { width: number; height: number },
): ScoreLine {
  const scores = points.flatMap(({ score }) => (score === null ? [] : [score]));
  const floor = Math.max(0, Math.floor((Math.min(target, ...scores) - 1) / 10) * 10);
  const runs: { x: number; y: number; point: Point }[][] = [[]];
  points.forEach((point, index) => {
    if (point.score === null) return void runs.push([]);
    const x = points.length < 2 ? 0 : (index / (points.length - 1)) * size.width;
    runs.at(-1)?.push({ x, y: yOf(point.score, floor, size.height), point });
  });
  return { floor, runs: runs.filter((run) => run.length > 0) };
}

/** Where a score stands, from above. */
export function yOf(score: number, floor: number, height: number): number {
  return ((100 - score) / (100 - floor)) * height;
}
