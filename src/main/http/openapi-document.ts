import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { httpContract } from '../../shared/contract/http/http-contract.ts';
import { eventsPath } from '../../shared/contract/http/system.ts';
import { version } from '../version.ts';

type Document = Record<string, unknown> & {
  paths: Record<string, Record<string, Operation>>;
};
interface Operation {
  security?: unknown;
  parameters?: unknown[];
  responses?: Record<string, unknown>;
  tags?: string[];
}

const jsonError = {
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};
const refusals: Record<string, string> = {
  '400': 'The request cannot be read',
  '401': 'No token, or not a good one',
  '403': 'Not by this address, from a page, or without the scope',
  '404': 'There is no such thing',
  '409': 'Somebody was quicker, or it is under way',
  '413': 'The body is larger than 1 MB',
  '415': 'The body is not application/json',
  '422': 'The input is refused, or the key was used with another body',
  '429': 'Too many calls; Retry-After says when to come back',
  '500': 'Something went wrong; the log has more',
  '503': 'The database is away, or something is not configured',
};

let made: Promise<Document> | null = null;

/** The OpenAPI document of every path, made once from the contract. */
export function openApiDocument(): Promise<Document> {
  return (made ??= make());
}

async function make(): Promise<Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = (await generator.generate(httpContract, {
    info: {
      title: 'Opsdeck',
      version,
      description:
        'The HTTP API on this computer. Send `Authorization: Bearer <token>`; tokens are made in Settings. ' +
        'Where the database is away, answers from the local copy carry the headers Opsdeck-Source and Opsdeck-As-Of.',
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: {
          type: 'object',
          properties: {
            success: { const: false },
            code: { type: 'string' },
            message: { type: 'string' },
          },
          required: ['success', 'code', 'message'],
        },
      },
    },
    security: [{ token: [] }],
  })) as unknown as Document;
  document.paths[eventsPath] = { get: eventsOperation };
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) complete(operation, method, path);
  return document;
}

/** What the contract does not say because it holds for every path. */
function complete(operation: Operation, method: string, path: string): void {
  const isOpen = path === '/health';
  if (isOpen) operation.security = [];
  for (const [status, description] of Object.entries(refusals)) {
    if (isOpen && status !== '403') continue;
    if (method === 'get' && ['413', '415'].includes(status)) continue;
    operation.responses = { [status]: { description, ...jsonError }, ...operation.responses };
  }
  if (method !== 'post') return;
  operation.parameters = [
    ...(operation.parameters ?? []),
    {
      name: 'X-Idempotency-Key',
      in: 'header',
      required: false,
      description:
        'The same key and body within 24 h gets the stored answer; another body 422; under way 409',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    },
  ];
}

const eventsOperation: Operation & { summary: string; operationId: string; description: string } = {
  operationId: 'events',
  summary: 'The live change stream (server-sent events)',
  description:
    'Each change as `event: change` with `id:` its number and data {seq, kind, at, data}. With Last-Event-ID it begins ' +
    'after that number. `event: reload`: some changes are not there any more, load everything anew.',
  tags: ['events'],
  parameters: [
    {
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      description: 'Number of the last change that was seen',
      schema: { type: 'string', pattern: '^\\d{1,15}$' },
    },
  ],
  responses: {
    '200': {
      description: 'The stream; it never ends by itself',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    },
  },
};
