import type { StreamEvent, SystemStatus } from '../shared/contract/system.ts';
import type { OfficeSettingKey, OfficeSettings } from '../shared/contract/settings.ts';
import { iterateEvents } from './iterate-events.ts';
import type { Operations } from './operations.ts';
import type { ConsoleServices } from './services.ts';
import { listHealthEvents } from './system/health-events.ts';
import { changeOfficeSettings } from './system/office-settings.ts';
import { version } from './version.ts';

/** Who we are, and what we are connected to. Without the database: what we were, and what the mirror shows. */
export async function status(services: ConsoleServices): Promise<SystemStatus> {
  const kept = services.running() ? null : services.kept.about();
  return kept ? keptStatus(services, kept) : liveStatus(services, await services.operations());
}

function keptStatus(
  services: ConsoleServices,
  kept: { workspace: SystemStatus['workspace']; label: string },
): SystemStatus {
  const failed = services.failedSince();
  return {
    ...whoWeAre(services),
    workspace: kept.workspace,
    database: {
      kind: services.config.databaseUrl === null ? 'embedded' : 'remote',
      label: kept.label,
      away_since: failed?.at.toISOString() ?? null,
      message: failed?.message ?? null,
    },
    leader: { kind: 'follower', of: null },
    showing: showing(services),
  };
}

function whoWeAre(services: ConsoleServices) {
  return {
    version,
    operator: services.config.operator,
    now: services.desktop.clock.now().toISOString(),
    log_folder: services.config.logFolder,
    data_folder: services.config.dataFolder,
  };
}

function showing(services: ConsoleServices): SystemStatus['showing'] {
  return { from: 'mirror', as_of: services.mirror.confirmedAt()?.toISOString() ?? null };
}

function liveStatus(services: ConsoleServices, operations: Operations): SystemStatus {
  const { workspace } = operations;
  const leader = operations.leader.state();
  const away = operations.awaySince();
  return {
    ...whoWeAre(services),
    workspace: workspace.kind,
    database: {
      kind: services.config.databaseUrl === null ? 'embedded' : 'remote',
      label: workspace.databaseLabel,
      away_since: away?.toISOString() ?? null,
      message: null,
    },
    leader:
      leader.kind === 'leader'
        ? { kind: 'leader', term: leader.term }
        : { kind: 'follower', of: leader.leader && `${leader.leader.kind} @ ${leader.leader.host}` },
    showing: away === null ? { from: 'database' } : showing(services),
  };
}

/** The stream behind the screens. While nothing runs yet it waits; a (new) start is told as `reload`. */
export async function* changes(
  services: ConsoleServices,
  signal: AbortSignal | undefined,
): AsyncGenerator<StreamEvent> {
  yield { type: 'status' };
  const events = iterateEvents<StreamEvent>(signal, (push) => {
    let unsubscribe: (() => void) | null = null;
    const follow = async () => {
      const operations = await services.operations().catch(() => null);
      unsubscribe?.();
      unsubscribe =
        operations?.subscribe((event) => {
          if (event.type === 'spool') push({ type: 'spool' });
          else if (event.type !== 'progress') push(event);
        }) ?? null;
    };
    void follow();
    const unfail = services.onFailed(() => push({ type: 'status' }));
    const forget = services.onStarted(() => void follow().then(() => push({ type: 'reload' })));
    const unwatch = services.desktop.wall.onChange(() => push({ type: 'wall' }));
    const unfollow = services.outbox.onMoved(() => push({ type: 'outbox' }));
    const unhear = services.alerts.onMoved(() => push({ type: 'health' }));
    const unraise = services.health.onRaised(() => push({ type: 'health' }));
    const unopen = services.desktop.openTarget.onOpen((target) => push({ type: 'open', target }));
    const unkeep = services.http.onChange(() => push({ type: 'http' }));
    return () => {
      unhear();
      unraise();
      unopen();
      forget();
      unwatch();
      unfollow();
      unkeep();
      unfail();
      unsubscribe?.();
    };
  });
  yield* events;
}

/** The latest entries of the timeline, newest first. */
export async function healthEvents(operations: Operations, limit: number) {
  const events = await listHealthEvents(operations.workspace.database, { limit });
  return events.map((event) => ({
    id: event.id,
    event_type: event.type,
    message: event.message,
    metadata: event.metadata,
    created_at: event.createdAt.toISOString(),
  }));
}

/** Changes the office's settings for every console; CONFLICT when somebody was quicker. */
export async function changeSettings(
  services: ConsoleServices,
  operations: Operations,
  input: { patch: { [Key in OfficeSettingKey]?: OfficeSettings[Key] | undefined }; version: number },
) {
  const { workspace } = operations;
  const patch = Object.fromEntries(Object.entries(input.patch).filter(([, value]) => value !== undefined));
  await changeOfficeSettings(workspace.database, patch, {
    expectedVersion: input.version,
    actor: services.config.operator,
    console: workspace.holder,
    clock: services.desktop.clock,
  });
  return workspace.settings();
}
