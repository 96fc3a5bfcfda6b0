import type { Rehearsal } from '../shared/contract/tasks.ts';
import { rehearse } from './accounts/rehearse.ts';
import { listModes } from './system/mode-store.ts';
import type { Workspace } from './workspace.ts';

/** Rehearses both paths in a workspace; CONFIG_INVALID unless its directory is the sandbox's. */
export async function rehearseTasks(
  workspace: Workspace,
  requests: number,
  actor: string,
  signal?: AbortSignal,
): Promise<Rehearsal> {
  const { accounts, environment, holder } = workspace;
  const processes = await listModes(accounts.database);
  return rehearse(
    accounts,
    requests,
    {
      actor,
      console: holder,
      directoryUrl: environment['OPSDECK_DIRECTORY_URL'] ?? '',
      runners: processes.filter(({ alive, runsTasks }) => alive && runsTasks).length,
    },
    signal,
  );
}
