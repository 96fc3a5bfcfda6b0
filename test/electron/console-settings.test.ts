import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { openConsoleSettings } from '../../src/main/electron/console-settings.ts';
import { silentLog } from '../../src/main/log.ts';
import { consoleDefaults } from '../../src/shared/contract/system.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'opsdeck-settings-'));
const open = (place: string) => openConsoleSettings(place, systemClock(), silentLog());
const fileOf = (place: string) => join(place, 'console-settings.json');

describe('settings of a console', () => {
  it('start as usual and survive a restart', async () => {
    const place = folder();
    const first = open(place);
    expect(first.get()).toEqual(consoleDefaults);
    const seen: unknown[] = [];
    const stop = first.onChange((settings) => seen.push(settings));
    expect(await first.change({ theme: 'dark', language: undefined })).toEqual({
      ...consoleDefaults,
      theme: 'dark',
    });
    stop();
    await first.change({ language: 'sv' });
    expect(seen).toEqual([{ ...consoleDefaults, theme: 'dark' }]);
    expect(open(place).get()).toEqual({ ...consoleDefaults, language: 'sv', theme: 'dark' });
    expect(readdirSync(place)).toEqual(['console-settings.json']);
  });

  it('keep every one of many changes made at once', async () => {
    const place = folder();
    const store = open(place);
    await Promise.all([store.change({ theme: 'dark' }), store.change({ language: 'en' }), store.change({})]);
    expect(open(place).get()).toEqual({ ...consoleDefaults, language: 'en', theme: 'dark' });
  });

  it('set an unreadable file aside and say so', () => {
    for (const text of ['', '{"theme": "dark"', 'null', '[]', '\0\0']) {
      const place = folder();
      writeFileSync(fileOf(place), text);
      const store = open(place);
      expect(store.get()).toEqual(consoleDefaults);
      expect(store.problem).toContain('unreadable');
      const kept = readdirSync(place);
      expect(kept).toHaveLength(1);
      expect(readFileSync(join(place, kept[0] ?? ''), 'utf8')).toBe(text);
    }
  });

  it('let one bad field fall back alone, and keep fields of a newer version', async () => {
    const place = folder();
    const file = { theme: 'dark', language: 'fi', wallVolume: 300, wallMuted: true, sounds: { pling: true } };
    writeFileSync(fileOf(place), JSON.stringify(file));
    const store = open(place);
    expect(store.get()).toEqual({ ...consoleDefaults, theme: 'dark', wallMuted: true });
    expect(store.problem).toContain('language, wallVolume');
    await store.change({ theme: 'light' });
    expect(JSON.parse(readFileSync(fileOf(place), 'utf8'))).toEqual({
      ...consoleDefaults,
      theme: 'light',
      wallMuted: true,
      sounds: { pling: true },
    });
  });

  it('stay as they were when they cannot be written, and go on working after', async () => {
    const place = folder();
    const store = open(place);
    await store.change({ theme: 'light' });
    const broken = openConsoleSettings(join(fileOf(place), 'no-folder'), systemClock(), silentLog());
    await expect(broken.change({ theme: 'dark' })).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(broken.get().theme).toBe('system');
    await expect(store.change({ theme: 'pink' as 'dark' })).rejects.toThrow();
    expect((await store.change({ theme: 'dark' })).theme).toBe('dark');
  });
});
