import { describe, expect, it } from 'vitest';
import type { SystemStatus } from '../../../src/shared/contract/system.ts';
import { decideBanners } from '../../../src/renderer/app-frame/banners.ts';
import { makeSync } from '../preview/scenarios.ts';

const status = (awaySince: string | null): SystemStatus => ({
  version: '0.1.0',
  workspace: 'team',
  operator: 'anna',
  now: '2026-11-22T10:00:00Z',
  database: { kind: 'remote', label: 'db/opsdeck', away_since: awaySince, message: null },
  leader: { kind: 'leader', term: 1 },
  showing: { from: 'database' },
  log_folder: '/l',
  data_folder: '/d',
});

describe('decideBanners', () => {
  it('shows none while all is well or nothing is known yet', () => {
    expect(decideBanners(true, status(null), makeSync('ordinary'))).toEqual([]);
    expect(decideBanners(true, null, null)).toEqual([]);
  });

  it('shows the database and the upstream together', () => {
    const banners = decideBanners(true, status('2026-11-22T09:00:00Z'), makeSync('refused'));
    expect(banners.map((banner) => banner.kind)).toEqual(['database', 'refused']);
  });

  it('says that deals are read on, and how many wait', () => {
    const away = status('2026-11-22T09:00:00Z');
    expect(decideBanners(true, away, makeSync('away'))).toMatchObject([{ readsOn: true, unsaved: 3 }]);
    expect(decideBanners(true, away, makeSync('ordinary'))).toMatchObject([{ readsOn: false, unsaved: 0 }]);
  });

  it('speaks of nothing else while the connection is gone', () => {
    expect(
      decideBanners(false, status('2026-11-22T09:00:00Z'), makeSync('refused')).map((banner) => banner.kind),
    ).toEqual(['connection']);
  });

  it('says how many decisions a restore undid, between the database and the upstream', () => {
    const banners = decideBanners(true, status('2026-11-22T09:00:00Z'), makeSync('refused'), 3);
    expect(banners.map((banner) => banner.kind)).toEqual(['database', 'restored', 'refused']);
    expect(banners[1]).toMatchObject({ count: 3 });
  });

  it('says until when the vendor wants us to wait', () => {
    const [banner] = decideBanners(true, status(null), makeSync('waiting'));
    expect(banner?.kind === 'blocked' && banner.until !== null).toBe(true);
  });
});
