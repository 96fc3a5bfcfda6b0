import { describe, expect, it } from 'vitest';
import { createResource } from '../../src/renderer/resource.ts';

describe('a resource', () => {
  it('answers calls made meanwhile with one following fetch', async () => {
    const open: Array<(value: number) => void> = [];
    const resource = createResource<number>(
      () => new Promise((resolve) => open.push(resolve)),
      () => 0,
    );
    const first = resource.reload();
    void resource.reload();
    void resource.reload();
    open[0]?.(1);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(open.length).toBe(2);
    open[1]?.(2);
    await first;
    expect(resource.getState()).toMatchObject({ data: 2, loading: false, failure: null });
  });

  it('keeps old data beside a failure, and forgets the failure with the next success', async () => {
    let step = 0;
    const resource = createResource<string>(
      () => {
        step += 1;
        return step === 2
          ? Promise.reject(Object.assign(new Error('gone'), { code: 'DATABASE_AWAY' }))
          : Promise.resolve(`data ${step}`);
      },
      () => step,
    );
    await resource.reload();
    await resource.reload();
    expect(resource.getState()).toMatchObject({
      data: 'data 1',
      failure: { code: 'DATABASE_AWAY', message: 'gone' },
      loadedAt: 1,
    });
    await resource.reload();
    expect(resource.getState()).toMatchObject({ data: 'data 3', failure: null, loadedAt: 3 });
  });
});
