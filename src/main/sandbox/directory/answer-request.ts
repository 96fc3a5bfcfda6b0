import type { Answer } from '../adversus/send-answer.ts';
import type { DirectoryState, SandboxUser } from './state.ts';
import type { DirectorySwitches } from './switches.ts';

/** One request as it is to be answered; `body` is what came, not read yet. */
export interface DirectoryRequest {
  readonly method: string;
  /** Below the base path. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Says what this is; asked without a key, and never found at a real one. */
export const sandboxMark = { opsdeck_sandbox: 'directory' };

/** Answers as a Supabase-style admin API does. */
export function answerRequest(
  state: DirectoryState,
  switches: DirectorySwitches,
  request: DirectoryRequest,
): Answer {
  const { method, path } = request;
  if (path === '/admin/users' && method === 'GET') return listUsers(state, switches, request.query);
  if (path === '/admin/users' && method === 'POST') return createUser(state, switches, request.body);
  const id = /^\/admin\/users\/([0-9a-f-]{36})$/.exec(path)?.[1];
  if (id === undefined) return failure(404, 'not_found', 'Not found');
  const user = state.byId(id);
  if (user === undefined) return failure(404, 'user_not_found', 'User not found');
  if (method === 'GET') return json(200, view(user));
  if (method !== 'DELETE') return failure(405, 'method_not_allowed', 'Method not allowed');
  state.remove(id);
  return json(200, {});
}

function listUsers(
  state: DirectoryState,
  { maxPerPage, totalHeader }: DirectorySwitches,
  query: DirectoryRequest['query'],
): Answer {
  const page = wholeNumber(query['page'] ?? '1');
  const asked = wholeNumber(query['per_page'] ?? '50');
  if (page === null || asked === null) return failure(400, 'validation_failed', 'Bad paging parameters');
  const perPage = Math.min(asked, maxPerPage);
  const users = state.users.slice((page - 1) * perPage, page * perPage).map(view);
  const answer = json(200, { users, aud: 'authenticated' });
  return totalHeader ? { ...answer, headers: { 'x-total-count': String(state.users.length) } } : answer;
}

function createUser(state: DirectoryState, { uniqueEmails }: DirectorySwitches, body: string): Answer {
  const read = parse(body);
  const { email, user_metadata: metadata } = read ?? {};
  if (read === null || typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email))
    return failure(400, 'validation_failed', 'Unable to validate email address: invalid format');
  if (uniqueEmails && state.withEmail(email).length > 0) {
    return failure(422, 'email_exists', 'A user with this email address has already been registered');
  }
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  return json(200, view(state.add(email, isObject ? (metadata as Record<string, unknown>) : {})));
}

function view(user: SandboxUser) {
  return { ...user, aud: 'authenticated', role: 'authenticated', email_confirmed_at: user.created_at };
}

function wholeNumber(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body) };
}

export function failure(status: number, code: string, msg: string): Answer {
  return json(status, { code: status, error_code: code, msg });
}
