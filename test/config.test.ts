import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/main/config.ts';

const refused = (environment: Record<string, string>) => {
  try {
    loadConfig(environment);
  } catch (error) {
    return { code: (error as { code?: unknown }).code, message: (error as Error).message };
  }
  throw new Error('it was not refused');
};

describe('the environment', () => {
  it('may be empty: a data folder of the user, an embedded database, no sandbox, running time', () => {
    const config = loadConfig({ XDG_DATA_HOME: '/somewhere', APPDATA: '/somewhere' });
    expect(config).toMatchObject({
      databaseUrl: null,
      sandbox: false,
      frozenNow: null,
      logLevel: 'info',
      secrets: [],
    });
    expect(config.dataFolder).toMatch(/opsdeck$/i);
    expect(config.logFolder).toBe(join(config.dataFolder, 'logs'));
    expect(config.operator).toMatch(/\w/);
  });

  it('counts blank values as not set', () => {
    expect(
      loadConfig({ OPSDECK_DATABASE_URL: ' ', OPSDECK_NOW: '', OPSDECK_SANDBOX: '', OPSDECK_HTTP_PORT: ' ' }),
    ).toMatchObject({
      databaseUrl: null,
      frozenNow: null,
      sandbox: false,
    });
  });

  it.each(['2026-03-29T09:00:00Z', '2026-03-29T11:00:00+02:00', '2026-03-29T09:00:00.000Z'])(
    'takes %s as an instant',
    (text) => {
      expect(loadConfig({ OPSDECK_NOW: text }).frozenNow).toEqual(new Date('2026-03-29T09:00:00Z'));
    },
  );

  it.each([
    '2026-03-29',
    '2026-03-29T09:00:00',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    'now',
    '1774774800',
  ])('refuses %s as an instant', (text) => {
    expect(refused({ OPSDECK_NOW: text })).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('OPSDECK_NOW') as string,
    });
  });

  it.each([
    'postgres://anna:h@localhost:5432/office',
    'postgresql://localhost/office?sslmode=require',
    'postgres:///office?host=/var/run/postgresql',
  ])('takes %s as a database', (url) => {
    expect(loadConfig({ OPSDECK_DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it('never repeats a database address that it refuses, since a password may be in it', () => {
    for (const url of [
      'http://anna:hemligt@localhost/x',
      'postgres://anna:hemligt@localhost',
      'postgres//anna:hemligt@x/y',
    ]) {
      const { code, message } = refused({ OPSDECK_DATABASE_URL: url });
      expect(code).toBe('CONFIG_INVALID');
      expect(message).toContain('OPSDECK_DATABASE_URL');
      expect(message).not.toContain('hemligt');
    }
  });

  it('hides every secret it holds from the log', () => {
    const config = loadConfig({
      OPSDECK_DATABASE_URL: 'postgres://anna:l%C3%B6sen@localhost/office',
      OPSDECK_ADVERSUS_PASSWORD: 'pass',
      OPSDECK_HTTP_TOKEN: 'token',
    });
    expect(config.secrets).toEqual(['pass', 'lösen', 'token']);
  });

  it('opens no port for scripts without a token', () => {
    expect(refused({ OPSDECK_HTTP_PORT: '8080' }).message).toMatch(/OPSDECK_HTTP_TOKEN/);
    expect(refused({ OPSDECK_HTTP_PORT: '-1', OPSDECK_HTTP_TOKEN: 'x' }).message).toMatch(/0 to 65535/);
    expect(loadConfig({ OPSDECK_HTTP_PORT: '0', OPSDECK_HTTP_TOKEN: 'x' })).toBeDefined();
  });
});
