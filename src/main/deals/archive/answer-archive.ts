import type { ArchiveMove, ArchiveView } from '../../../shared/contract/archive.ts';
import { iterateEvents } from '../../iterate-events.ts';
import type { Operations } from '../../operations.ts';

/** What the archive holds, and what moves just now. */
export function view(operations: Operations): Promise<ArchiveView> {
  return operations.archive.view();
}

/** Begins a move that a person asked for; its end is told by `progress`. */
export function start(
  operations: Operations,
  actor: string,
  kind: ArchiveMove['kind'],
): { started: boolean } {
  return { started: operations.archive.start(kind, actor) };
}

/** Stops the one under way; what was moved stays moved. */
export function cancel(operations: Operations): { cancelled: boolean } {
  return { cancelled: operations.archive.cancel() };
}

/** How far moves of this console are. */
export function progress(
  operations: Operations,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveMove> {
  return iterateEvents<ArchiveMove>(signal, (push) => operations.archive.subscribe(push));
}
