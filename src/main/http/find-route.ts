import { isProcedure, type AnyProcedure, type AnyRouter } from '@orpc/server';
import type { RouteMeta } from '../../shared/contract/http/route.ts';

/** One path of the API, ready to be called. */
export interface Route extends RouteMeta {
  /** As the contract has it: '/api/admin/duplicates/{id}'. */
  path: string;
  method: string;
  /** 'duplicates.resolve', for the log. */
  name: string;
  procedure: AnyProcedure;
  hasInput: boolean;
  /** Its handler answers a status besides the body. */
  isDetailed: boolean;
}

export interface FoundRoute {
  route: Route;
  /** What stands in the holes of the path. */
  params: Record<string, string>;
}

/** Every path of a router. */
export function listRoutes(router: AnyRouter, names: readonly string[] = []): Route[] {
  if (isProcedure(router)) return [routeOf(router, names.join('.'))];
  return Object.entries(router).flatMap(([name, inner]) => listRoutes(inner as AnyRouter, [...names, name]));
}

function routeOf(procedure: AnyProcedure, name: string): Route {
  const { route } = procedure['~orpc'];
  const inputSchema: unknown = procedure['~orpc'].inputSchema;
  const { scope, group } = procedure['~orpc'].meta as RouteMeta;
  return {
    path: route.path ?? '',
    method: route.method ?? '',
    name,
    procedure,
    scope,
    group,
    hasInput: inputSchema !== undefined,
    isDetailed: route.outputStructure === 'detailed',
  };
}

/** Finds the route of a method and a path as it was sent: nothing is unescaped or folded, so nothing is read twice. */
export function createRouteFinder(
  routes: readonly Route[],
): (method: string, path: string) => FoundRoute | null {
  const patterns = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  return (method, path) => {
    for (const { route, pattern } of patterns) {
      const found = route.method === method ? pattern.exec(path) : null;
      if (found) return { route, params: { ...found.groups } };
    }
    return null;
  };
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9_-]{1,64})')}$`);
}
