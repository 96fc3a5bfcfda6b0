import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Wire = Record<string, unknown>;

/** A package on the wire, written from the vendor's documents alone. */
export function wirePackage(packageId: string, change: Wire = {}): Wire {
  return {
    ...{
      packageId,
      package: '1 GB - 7 Days',
      plan: 'data-only',
      activation: 'first-use',
      day: 7,
      price: 4.5,
    },
    ...{ isUnlimited: false, dataAmount: 1024, dataUnit: 'MB', callAmount: -1, smsAmount: -1 },
    ...{ withSMS: false, withCall: false, withHotspot: true, withThrottle: false, notes: [] },
    ...change,
  };
}

export function wireGroup(slug: string, code: string, packages: Wire[], change: Wire = {}): Wire {
  return {
    ...{
      id: `${slug}-esims`,
      countryName: slug,
      countryCode: code,
      countrySlug: slug,
      region: 'Europe',
      geography: 'local',
    },
    ...{ packages, ...change },
  };
}

export interface PlainRoamify {
  environment: Record<string, string>;
  groups: Wire[];
  orders: Wire[];
  asked: string[];
  /** In place of the catalogue's body. */
  instead: string | null;
  close(): Promise<void>;
}

/** A second opinion on the supplier's wire format: shares nothing with the simulated one. */
export async function startPlainRoamify(): Promise<PlainRoamify> {
  const vendor: PlainRoamify = {
    ...{ environment: {}, groups: [], orders: [], asked: [], instead: null },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://vendor');
    vendor.asked.push(`${request.method} ${url.pathname}${url.search}`);
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (request.headers.authorization !== 'Bearer nyckel-77')
      return send(401, { message: 'Unauthorized', status: 'failed' });
    if (url.searchParams.has('page') || url.searchParams.has('limit')) {
      if (url.pathname === '/api/esim/packages') return send(400, { error: '"page" is not allowed' });
    }
    if (url.pathname === '/api/esim/packages') {
      if (vendor.instead !== null) return send(200, vendor.instead);
      return send(200, { status: 'success', data: { packages: vendor.groups } });
    }
    const reference = url.searchParams.get('referenceId');
    const mine = vendor.orders.filter((order) => order['referenceId'] === reference);
    if (request.method === 'GET' && url.pathname === '/api/esim/order')
      return mine[0]
        ? send(200, { status: 'success', data: mine[0] })
        : send(404, { message: 'Not found', status: 'failed' });
    if (request.method === 'GET' && url.pathname === '/api/esim/orders')
      return send(200, { status: 'success', data: { orders: mine } });
    if (request.method === 'POST' && url.pathname === '/api/esim/order') return take(request, send);
    send(404, { message: 'Not found', status: 'failed' });
  }
  async function take(
    request: IncomingMessage,
    send: (status: number, body: unknown) => void,
  ): Promise<void> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { items, referenceId, ...extra } = JSON.parse(text) as {
      items: { packageId: string }[];
      referenceId: string;
    };
    if (Object.keys(extra).length > 0) return send(400, { error: 'not allowed' });
    const known = vendor.groups
      .flatMap((group) => group['packages'] as Wire[])
      .find((one) => one['packageId'] === items[0]!.packageId);
    if (!known) return send(500, { message: 'Unknown error', status: 'failed' });
    const order = {
      ...{
        id: `o-${vendor.orders.length + 1}`,
        referenceId,
        orderType: 'api',
        status: 'COMPLETED',
        total: known['price'],
      },
      ...{ currency: 'USD', createdAt: 1731837535, updatedAt: 1731837535 },
      items: [
        {
          esimId: `e-${vendor.orders.length + 1}`,
          packageId: items[0]!.packageId,
          package: 'x',
          type: 'esim',
          price: known['price'],
        },
      ],
    };
    vendor.orders.push(order);
    send(200, { status: 'success', data: order });
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vendor.environment = {
    OPSDECK_ROAMIFY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    OPSDECK_ROAMIFY_TOKEN: 'nyckel-77',
  };
  return vendor;
}
