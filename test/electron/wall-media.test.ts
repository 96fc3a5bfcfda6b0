import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentOfFile, mediaKindOf } from '../../src/main/electron/media-kind.ts';
import { openWallMedia, type WallMedia } from '../../src/main/electron/wall-media.ts';
import { silentLog } from '../../src/main/log.ts';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
const text = (written: string) => new TextEncoder().encode(written);
const mp3 = text('ID3\u0004 and so on, a sound');

describe('a file’s kind', () => {
  it('is told by its first bytes, and is one of a few', () => {
    expect(mediaKindOf(png)).toEqual({ kind: 'picture', type: 'image/png' });
    expect(mediaKindOf(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]))?.type).toBe('image/jpeg');
    expect(mediaKindOf(text('RIFF....WEBPVP8 '))?.type).toBe('image/webp');
    expect(mediaKindOf(text('RIFF....WAVEfmt '))?.type).toBe('audio/wav');
    expect(mediaKindOf(text('OggS'))?.type).toBe('audio/ogg');
    expect(mediaKindOf(mp3)?.type).toBe('audio/mpeg');
    expect(mediaKindOf(Uint8Array.from([0xff, 0xfb, 0x90, 0x64]))?.type).toBe('audio/mpeg');
    for (const other of ['<svg xmlns=', '<html>', 'MZ\u0090', '#!/bin/sh', 'RIFF....AVI ', 'GIF89a', ''])
      expect(mediaKindOf(text(other)), other).toBeNull();
  });

  it('is never told wrongly by what is written, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 0, maxLength: 16 }), (written) => {
        const found = mediaKindOf(text(`<${written}`));
        expect(found).toBeNull();
      }),
    );
  });

  it('belongs to an agent by the name alone that says so', () => {
    expect(agentOfFile('4711.mp3')).toBe('4711');
    expect(agentOfFile('4711.JPG')).toBe('4711');
    for (const name of [
      'erik.mp3',
      '4711.svg',
      '../4711.png',
      '4711.png.exe',
      '.png',
      '4711',
      '1'.repeat(19) + '.png',
    ])
      expect(agentOfFile(name), name).toBeNull();
  });
});

describe('the folder of sounds and pictures', () => {
  let data: string;
  let folder: string;
  let media: WallMedia;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'opsdeck-media-'));
    folder = join(data, 'wall-media');
    mkdirSync(folder);
    media = openWallMedia(data, silentLog());
  });
  afterEach(() => rmSync(data, { recursive: true }));

  it('is read into sounds and pictures of agents; the rest is listed with why', async () => {
    writeFileSync(join(folder, '901.mp3'), mp3);
    writeFileSync(join(folder, '901.png'), png);
    // Named a picture, and is a sound: what it is decides.
    writeFileSync(join(folder, '902.png'), mp3);
    writeFileSync(join(folder, '903.png'), '<svg onload="alert(1)">');
    writeFileSync(join(folder, '904.png'), Buffer.concat([png, Buffer.alloc(2_000_000)]));
    writeFileSync(join(folder, 'erik.mp3'), mp3);
    mkdirSync(join(folder, '905.png'));
    const { used, refused } = await media.scan();
    expect(used).toEqual([
      { name: '901.mp3', user_id: '901', kind: 'sound' },
      { name: '901.png', user_id: '901', kind: 'picture' },
      { name: '902.png', user_id: '902', kind: 'sound' },
    ]);
    expect(refused).toEqual([
      { name: '903.png', reason: 'kind' },
      { name: '904.png', reason: 'size' },
      { name: '905.png', reason: 'unreadable' },
      { name: 'erik.mp3', reason: 'name' },
    ]);
    expect(media.byAgent()['901']?.sound).toMatch(/^app:\/\/opsdeck\/wall-media\/901\.mp3\?\d+$/);
    expect(media.byAgent()['902']).toMatchObject({ picture: null });
  });

  it('serves what the last look listed and nothing else, as what it was then', async () => {
    const secret = join(data, 'secret.png');
    writeFileSync(secret, png);
    writeFileSync(join(folder, '901.png'), png);
    writeFileSync(join(folder, '906.png'), png);
    symlinkSync(secret, join(folder, '907.png'));
    const { refused } = await media.scan();
    expect(refused).toEqual([{ name: '907.png', reason: 'unreadable' }]);
    expect(await media.read('wall-media/901.png')).toEqual({ type: 'image/png', body: png });
    for (const path of ['wall-media/907.png', 'wall-media/../secret.png', 'secret.png', 'wall-media/%39', ''])
      expect(await media.read(path), path).toBeNull();
    // Between the look and the answer files become others.
    writeFileSync(join(folder, '901.png'), '<script>');
    rmSync(join(folder, '906.png'));
    symlinkSync(secret, join(folder, '906.png'));
    expect(await media.read('wall-media/901.png')).toBeNull();
    expect(await media.read('wall-media/906.png')).toBeNull();
  });

  it('may be missing', async () => {
    rmSync(folder, { recursive: true });
    expect(await media.scan()).toEqual({ folder, used: [], refused: [] });
    await media.make();
    expect((await media.scan()).used).toEqual([]);
  });
});
