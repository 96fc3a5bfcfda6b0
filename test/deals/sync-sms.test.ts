import { describe, expect, it } from 'vitest';
import { usePassOffice } from './pass-office.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('a pass over messages', () => {
  const office = usePassOffice();

  it('stores a message at first sight and its delivery long after', async () => {
    const { it: at } = office;
    const sms = at.vendor.state.addSms({ status: 'sent', receiver: '+46 70-174 06 05' });
    expect(await at.run('sms', 'delta')).toMatchObject({ inserted: 1, updated: 0 });
    at.pass(50 * minute);
    at.vendor.state.addSms({});
    at.vendor.state.setSmsStatus(sms.id, 'delivered');
    expect(await at.run('sms', 'delta')).toMatchObject({ inserted: 1, updated: 1 });
    const late = at.vendor.state.addSms({ status: 'sent' });
    await at.run('sms', 'delta');
    at.pass(30 * hour);
    at.vendor.state.addSms({});
    at.vendor.state.setSmsStatus(late.id, 'delivered');
    await at.run('sms', 'delta');
    await at.run('sms', 'window');
    expect(await at.one(`select count(*)::int from sms_messages where status = 'delivered'`)).toBe(4);
    expect(await at.one('select receiver from sms_messages where id = $1', [String(sms.id)])).toBe(
      '+46701740605',
    );
  });

  it('reads more than a page of messages in one gap', async () => {
    const { it: at } = office;
    at.vendor.state.addSms({});
    await at.run('sms', 'delta');
    at.pass(minute);
    at.vendor.state.addManySms(1_300);
    expect(await at.run('sms', 'delta')).toMatchObject({ inserted: 1_300, pages: 2, complete: true });
    expect(await at.run('sms', 'window')).toMatchObject({ inserted: 0, updated: 0, unchanged: 1_301 });
  });

  it('writes nothing when nothing changed, and removes nothing ever', async () => {
    const { it: at } = office;
    at.vendor.state.addManySms(5);
    await at.run('sms');
    const before = await at.rows('select xmin::text, m.* from sms_messages m order by id');
    await at.run('sms');
    expect(await at.rows('select xmin::text, m.* from sms_messages m order by id')).toEqual(before);
    at.vendor.state.clear();
    expect(await at.run('sms')).toMatchObject({ removed: 0, held: 0 });
    expect(await at.one('select count(*)::int from sms_messages')).toBe(5);
  });

  it('leaves inbound messages out, rejects what has no receiver, and keeps no text of either', async () => {
    const { it: at } = office;
    const content = 'Kanariefågel hälsar';
    at.vendor.state.addSms({ type: 'inbound', content });
    at.vendor.state.addSms({ content });
    at.vendor.state.addSms({ content, receiver: content });
    at.vendor.state.addSms({ content, raw: { id: null } });
    at.vendor.state.addSms({ content, userId: null });
    expect(await at.run('sms')).toMatchObject({ inserted: 1, rejected: 3 });
    const everything = await at.rows(
      `select to_jsonb(m)::text as row from sms_messages m union all select to_jsonb(r)::text from rejected_records r
       union all select to_jsonb(c)::text from change_log c union all select to_jsonb(s)::text from sync_runs s`,
    );
    expect(JSON.stringify(everything)).not.toContain('Kanarief');
  });

  it('moves its cursor after complete passes only, and not into the future', async () => {
    const { it: at } = office;
    at.settings.pageSize = 10;
    at.vendor.state.addManySms(25);
    at.vendor.faults.add({ path: '/sms', page: 3, do: { kind: 'answer', status: 500 } });
    await expect(at.run('sms')).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(await at.one('select count(*)::int from sms_messages')).toBe(0);
    expect(await at.rows('select * from sync_cursors')).toEqual([]);
    at.vendor.faults.clear();
    at.vendorClock.advance(hour);
    at.vendor.state.addSms({});
    await at.run('sms', 'delta');
    expect(await at.one('select position from sync_cursors')).toEqual(at.clock.now());
  });

  it('is whole when messages came in while it read, so that the next one reads only what is new', async () => {
    const { it: at } = office;
    at.settings.pageSize = 10;
    const now = at.vendorClock.now();
    at.vendor.state.addManySms(25, (n) => ({ timestamp: now - hour - (n + 1) * hour }));
    const arrival = { do: { kind: 'before', run: () => void at.vendor.state.addSms({}) } } as const;
    at.vendor.faults.add({ path: '/sms', page: 2, times: 1, ...arrival });
    const first = await at.run('sms', 'delta');
    expect(first).toMatchObject({ complete: true, shifted: true, inserted: 25, note: null });
    expect(await at.run('sms', 'delta')).toMatchObject({ complete: true, pages: 1, inserted: 1 });
    expect(await at.one('select count(*)::int from sms_messages')).toBe(26);
  });
});
