import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/clock.ts';
import { createSpool } from '../../../src/main/deals/spool/spool.ts';
import { waitingOnDisk } from '../../../src/main/deals/spool/waiting-on-disk.ts';
import { shareDurableFile } from '../../../src/main/storage/durable-file.ts';
import { at, noon, reading } from './spool-facts.ts';

const clock = { ...systemClock(), now: () => noon };

function open(path = join(mkdtempSync(join(tmpdir(), 'opsdeck-spool-')), 'durable.sqlite')) {
  const durable = shareDurableFile(path, { wall: () => Date.now(), onDamage: () => {} });
  return { path, durable, spool: createSpool(durable, 'a', clock) };
}

const payload = (...given: Parameters<typeof reading>) => {
  const { fact, isNew, campaign } = reading(...given);
  return { fact, isNew, campaign };
};

describe('the spool', () => {
  it('gives back what was read, oldest stamp first, also to the next start, and to no other database', () => {
    const { path, durable, spool } = open();
    const missing = { orderDate: null, orderDateSource: 'fallback', notes: ['order-date-missing'] } as const;
    spool.add([
      payload({ leadId: '2', updatedAt: at(9), isNew: null }),
      payload({ ...missing, notes: [...missing.notes], commission: null }),
    ]);
    expect(spool.facts()).toEqual([
      reading({ ...missing, notes: [...missing.notes], commission: null, seq: 2, readAt: noon }),
      reading({ leadId: '2', updatedAt: at(9), isNew: null, seq: 1, readAt: noon }),
    ]);
    durable.close();
    const again = open(path);
    expect(again.spool.facts()).toHaveLength(2);
    expect(createSpool(again.durable, 'b', clock).facts()).toEqual([]);
    expect([waitingOnDisk(path, 'a'), waitingOnDisk(path, 'b'), waitingOnDisk(`${path}.none`, 'a')]).toEqual([
      2, 0, 0,
    ]);
  });

  it('holds a lead that is read twice at one stamp once, and its states at two stamps both', () => {
    const { spool } = open();
    expect(spool.add([payload()])).toBe(1);
    expect(spool.add([payload()])).toBe(0);
    // Within a second of the vendor's stamp the later reading counts.
    expect(spool.add([payload({ commission: '250.00' })])).toBe(1);
    expect(spool.add([payload({ updatedAt: at(2) })])).toBe(1);
    expect(spool.facts().map(({ fact }) => [fact.updatedAt, fact.commission])).toEqual([
      [at(1), '250.00'],
      [at(2), '100.00'],
    ]);
    expect(spool.count()).toBe(2);
  });

  it.each(['payload', 'stamp', 'read_at', 'lead_id', 'database_id'])(
    'sets a row aside whose %s was changed on the disk, and gives out the others',
    (column) => {
      const { durable, spool } = open();
      spool.add([payload(), payload({ leadId: '2', updatedAt: at(5) })]);
      const sqlite = durable.open();
      const change =
        column === 'database_id' ? `'a'` : `replace(replace(${column}, '1', '3'), '2026', '2027')`;
      sqlite.exec(`update spool set ${column} = ${change} where seq = 1`);
      if (column === 'database_id')
        sqlite.exec(`update spool set checksum = 'x' || substr(checksum, 2) where seq = 1`);
      spool.noteTry(2);
      expect(spool.facts().map(({ seq }) => seq)).toEqual([2]);
      expect(spool.count()).toBe(2);
      expect(spool.setDamagedAside()).toHaveLength(1);
      expect([spool.count(), spool.setDamagedAside()]).toEqual([1, []]);
      const kept = sqlite.prepare('select seq, set_aside from spool order by seq').all();
      expect(kept).toEqual([
        { seq: 1, set_aside: 'damaged' },
        { seq: 2, set_aside: null },
      ]);
    },
  );

  it('a bit that flips anywhere in a row is never given out as a fact', () => {
    const { durable, spool } = open();
    spool.add([payload()]);
    const sqlite = durable.open();
    const whole = sqlite.prepare<[], { payload: string }>('select payload from spool').get()!.payload;
    const set = sqlite.prepare('update spool set payload = ? where seq = 1');
    for (let place = 0; place < whole.length; place += 1) {
      const flipped = String.fromCharCode(whole.charCodeAt(place) ^ 1);
      set.run(whole.slice(0, place) + flipped + whole.slice(place + 1));
      expect(createSpool(durable, 'a', clock).facts()).toEqual([]);
    }
    set.run(whole);
    expect(createSpool(durable, 'a', clock).facts()).toHaveLength(1);
  });

  it('a file that is no database any more is begun anew, and nothing else is lost', async () => {
    const { path, durable, spool } = open();
    spool.add([payload()]);
    durable.close();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, 'not a database at all, and long enough to be read as one'.repeat(100));
    const damaged = open(path);
    expect(damaged.spool.facts()).toEqual([]);
    expect(damaged.spool.add([payload()])).toBe(1);
  });
});
