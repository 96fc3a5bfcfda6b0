import { describe, expect, it } from 'vitest';
import { mapSms, type SmsFact } from '../../src/main/deals/map-sms.ts';
import type { Rejection } from '../../src/main/deals/reject-record.ts';
import { officeSettings, vendorSms } from './vendor-records.ts';

function factOf(record: unknown): SmsFact {
  const mapped = mapSms(record, officeSettings);
  if (mapped.kind !== 'sms') throw new Error(`not a message: ${JSON.stringify(mapped)}`);
  return mapped.fact;
}

function rejectionOf(record: unknown): Rejection {
  const mapped = mapSms(record, officeSettings);
  if (mapped.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(mapped)}`);
  return mapped.rejection;
}

describe('a sent message', () => {
  it('becomes a fact without its text', () => {
    expect(mapSms(vendorSms({ fresh: 1 }), officeSettings)).toEqual({
      kind: 'sms',
      ignoredFields: 1,
      fact: {
        id: '55123',
        userId: 4711,
        receiver: '+460701234567',
        timestamp: new Date('2026-03-18T09:15:00Z'),
        campaignId: '88231',
        leadId: '929473146',
        status: 'delivered',
      },
    });
  });

  it.each(['sent', 'failed', 'anything'])('is kept with the status %s', (status) => {
    expect(factOf(vendorSms({ status })).status).toBe(status);
  });

  it.each([null, undefined, '', 7])('is kept without a status when it is %j', (status) => {
    expect(factOf(vendorSms({ status })).status).toBeNull();
  });

  it('is kept without campaign and lead', () => {
    expect(factOf(vendorSms({ campaignId: 'Dentle', leadId: null }))).toMatchObject({
      campaignId: null,
      leadId: null,
    });
  });

  it('received is none', () => {
    expect(mapSms(vendorSms({ type: 'inbound', id: null }), officeSettings)).toEqual({
      kind: 'not-outbound',
    });
  });
});

describe('the receiver', () => {
  it.each([
    ['+46 70-123 45 67', '+46701234567'],
    ['(070) 123\u00a045\u201167', '0701234567'],
    ['\u202a+46701234567\u202c', '+46701234567'],
    [46701234567, '46701234567'],
    ['71700', '71700'],
  ])('%j is always written %s', (receiver, number) => {
    expect(factOf(vendorSms({ receiver })).receiver).toBe(number);
  });

  it.each([undefined, null, '', ' - ', 'Anna', '070\u00001', '++46', '1'.repeat(21), [], {}, -5])(
    '%j is refused',
    (receiver) => {
      const rejection = rejectionOf(vendorSms({ receiver }));
      expect(rejection).toMatchObject({ key: '55123', reason: 'receiver' });
      expect(rejection.payload).toEqual({
        id: '55123',
        status: 'delivered',
        type: 'outbound',
        campaignId: 88231,
        userId: 4711,
        leadId: 929473146,
        timestamp: '2026-03-18T10:15:00',
      });
    },
  );
});

describe('a message that cannot be read', () => {
  it.each([
    [null, 'record'],
    [vendorSms({ id: 2 ** 53 }), 'id'],
    [vendorSms({ type: undefined }), 'type'],
    [vendorSms({ userId: null }), 'no-agent'],
    [vendorSms({ userId: 'Erik' }), 'bad-agent'],
    [vendorSms({ timestamp: '2026-02-30T10:00' }), 'timestamp'],
    [vendorSms({ timestamp: undefined }), 'timestamp'],
  ])('is set aside (case %#)', (record, reason) => {
    expect(rejectionOf(record).reason).toBe(reason);
  });
});
