import { MessageChannelMain, type BrowserWindow, type MessagePortMain, type WebFrameMain } from 'electron';
import type { AnyRouter } from '@orpc/server';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import type { Log } from '../log.ts';
import { readMessage, refuseForNow, type ReadMessage } from './guard-messages.ts';
import { paceMessages } from './pace-messages.ts';
import { plainJson } from './plain-json.ts';
import { isTrustedFrame } from './window-policy.ts';

type Refused = Extract<ReadMessage, { ok: false }>;

/** What procedures are told besides their input: the window that asks, by the id of its contents. */
export interface AskedBy {
  window: number;
}

/** Every window gets its contract through this one function; nothing else in the program makes a port. */
export type ServeWindow = (window: BrowserWindow, page: string) => void;

/** What answers on a port; null when the program stops before it was there. */
type Answerer = Awaited<ReturnType<typeof answerWith>> | null;

/**
 * Answers windows with `router`, which may still be on its way. Main pushes a port to the window's main frame once its
 * own page has loaded and there is somebody to answer; a reload gets a new one and the old is closed as soon as the
 * page is left. Pages never ask for a port.
 */
export function createServeWindow(router: () => Promise<AnyRouter | null>, log: Log): ServeWindow {
  let answerer: Promise<Answerer> | null = null;
  // A tick later: whoever makes the first window has not yet said where the router comes from.
  const answering = () =>
    (answerer ??= Promise.resolve()
      .then(router)
      .then((found) => found && answerWith(found, log)));
  return (window, page) => {
    // Made ready while the page loads.
    answering().catch(() => {});
    const contents = window.webContents;
    let port: MessagePortMain | null = null;
    /** Counts the pages that were left, so that what was made for one is never given to the next. */
    let left = 0;
    const close = () => {
      left += 1;
      port?.close();
      port = null;
    };
    contents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) close();
    });
    contents.on('render-process-gone', close);
    contents.on('destroyed', close);
    contents.on('did-finish-load', () => {
      close();
      const loaded = left;
      // A failure to answer at all ends the program where the services are started.
      void answering().then(
        (found) => {
          if (found && loaded === left && !contents.isDestroyed()) push(found);
        },
        () => {},
      );
    });
    function push(handler: NonNullable<Answerer>): void {
      if (!isTrustedFrame(factsOf(contents.mainFrame), page)) {
        log.warn('A window shows a page that is not its own and gets no port', { url: contents.getURL() });
        return;
      }
      const channel = new MessageChannelMain();
      port = channel.port1;
      handler.upgrade(guardPort(channel.port1, log), { context: { window: contents.id } });
      channel.port1.start();
      contents.postMessage('port', null, [channel.port2]);
    }
  };
}

/** Loaded beside the services: the library and the words of errors are nothing that a window needs to open. */
async function answerWith(router: AnyRouter, log: Log) {
  const [{ RPCHandler }, { answerErrors }] = await Promise.all([
    import('@orpc/server/message-port'),
    import('../answer-errors.ts'),
  ]);
  return new RPCHandler(router, {
    clientInterceptors: [answerErrors(log)],
    customJsonSerializers: [plainJson],
  });
}

function factsOf(frame: WebFrameMain): Parameters<typeof isTrustedFrame>[0] {
  return {
    url: frame.url,
    origin: frame.origin,
    isMainFrame: frame.parent === null,
    // Electron 33 has no isDestroyed() on frames; a frame without a process is gone.
    destroyed: frame.processId < 0,
  };
}

/** The port as the contract library sees it: only messages that were read and found proper come through, paced. */
function guardPort(port: MessagePortMain, log: Log): SupportedMessagePort {
  let refused = 0;
  let closed = false;
  const post = (message: unknown) => {
    if (!closed) port.postMessage(message);
  };
  const refuse = (read: Refused) => {
    refused += 1;
    // A page that floods us must not flood the log as well.
    if (refused <= 5) log.warn('A message of a window was refused', { reason: read.reason, refused });
    if (read.id !== null) post(refusal(read.id, read));
  };
  port.on('close', () => (closed = true));
  return {
    on(event: string, callback: (event?: { data: unknown }) => void) {
      if (event === 'close') port.on('close', () => callback());
      if (event !== 'message') return;
      const take = (data: unknown) => {
        const read = readMessage(data);
        if (!read.ok) refuse(read);
        else if (!closed) callback({ data: read.message });
      };
      const paced = paceMessages(take, (data) => refuse(refuseForNow(data)));
      port.on('message', ({ data }) => paced(data));
    },
    postMessage: post,
  };
}

/** The answer to a call that was refused unread, in the form in which the contract library sends errors. */
function refusal(id: string, read: Refused): string {
  const error = { defined: false, code: 'BAD_REQUEST', status: read.status, message: read.reason };
  return JSON.stringify({ i: id, p: { s: read.status, b: { json: error } } });
}
