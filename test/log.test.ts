import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLog } from '../src/main/log.ts';
import { openRotatingFile } from '../src/main/rotating-file.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'opsdeck-log-'));
const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log', () => {
  it('writes what happened with its part, fields and the whole of an error', () => {
    const place = folder();
    const printed: string[] = [];
    const log = openLog({
      folder: place,
      name: 'console',
      level: 'debug',
      print: (line) => printed.push(line),
    });
    log.child('sync').child('deals').info('Pass ended', { rows: 3 });
    log.error('It failed', { error: new Error('outer', { cause: new Error('inner') }) });
    log.debug('quiet');
    log.close();
    const [info, error] = linesOf(join(place, 'console.log'));
    expect(info).toMatchObject({ level: 'info', part: 'sync/deals', message: 'Pass ended', rows: 3 });
    expect(error).toMatchObject({ level: 'error', error: { message: 'outer', cause: { message: 'inner' } } });
    expect(printed).toHaveLength(2);
    expect(printed[0]).toMatch(/^\d\d:\d\d:\d\d \[sync\/deals] Pass ended rows=3$/);
    expect(printed[1]).toMatch(/ERROR It failed – outer$/);
  });

  it('leaves no canary in any file or on the terminal, wherever the secret stood', () => {
    const place = folder();
    const printed: string[] = [];
    const secrets = ['canary-configured'];
    const log = openLog({
      folder: place,
      name: 'x',
      level: 'debug',
      secrets,
      print: (line) => printed.push(line),
    });
    log.hide('canary-late');
    const error = new Error('connect postgres://a:canary-url@h/d', { cause: { token: 'canary-token' } });
    log
      .child('canary-late')
      .warn('canary-configured in words', { error, headers: { Authorization: 'canary-header' } });
    log.info('x', { list: [{ password: 'canary-password' }], to: '+46701234567' });
    log.close();
    const all = readdirSync(place).map((name) => readFileSync(join(place, name), 'utf8'));
    for (const text of [...all, ...printed]) expect(text).not.toMatch(/canary|4670123/);
  });

  // oxlint-disable-next-line vitest/expect-expect -- it fails by throwing
  it('never throws, whatever it is given', () => {
    const log = openLog({
      folder: folder(),
      name: 'x',
      level: 'debug',
      print: () => {
        throw new Error('the terminal is gone');
      },
    });
    const loop: Record<string, unknown> = { big: 10n };
    loop['loop'] = loop;
    log.info('odd', loop);
    log.info('odd', {
      get broken() {
        throw new Error('getter');
      },
    });
    log.info('odd', { error: 'not an error', level: 'fake', time: 'fake', message: 'fake' });
    log.close();
  });
});

describe('the file behind it', () => {
  it('keeps five files of the given size and drops the oldest', () => {
    const place = folder();
    const file = openRotatingFile({ folder: place, name: 'a', maxBytes: 1000 });
    for (let index = 0; index < 200; index += 1) file.write(`${'x'.repeat(90)} ${index}\n`);
    file.close();
    expect(readdirSync(place).sort()).toEqual(['a.1.log', 'a.2.log', 'a.3.log', 'a.4.log', 'a.log']);
    for (const name of readdirSync(place)) expect(statSync(join(place, name)).size).toBeLessThanOrEqual(1000);
    expect(readFileSync(join(place, 'a.log'), 'utf8')).toContain(' 199\n');
  });

  it('goes on in the new file when another process has moved the old one', () => {
    const place = folder();
    const options = { folder: place, name: 'a', maxBytes: 300 };
    const [one, two] = [openRotatingFile(options), openRotatingFile(options)];
    for (let index = 0; index < 12; index += 1) {
      one.write(`${'1'.repeat(80)}\n`);
      two.write(`${'2'.repeat(80)}\n`);
    }
    one.close();
    two.close();
    const lines = readdirSync(place).flatMap((name) =>
      readFileSync(join(place, name), 'utf8').trim().split('\n'),
    );
    for (const line of lines) expect(line).toMatch(/^(1{80}|2{80})$/);
  });

  it('survives a folder that goes away, and tells how many lines were lost', () => {
    const place = folder();
    const file = openRotatingFile({ folder: join(place, 'in'), name: 'a', maxBytes: 100 });
    file.write('first\n');
    rmSync(place, { recursive: true });
    // The folder is made again: nothing but a refusal of the system loses a line.
    file.write(`${'x'.repeat(99)}\n`);
    file.write('second\n');
    file.close();
    expect(readFileSync(join(place, 'in', 'a.log'), 'utf8')).toContain('second');
  });
});
