import { Notification, type NotificationConstructorOptions } from 'electron';
import type { LinkTarget } from '../../shared/contract/links.ts';
import type { Log } from '../log.ts';
import type { ServiceAnswer } from './ask-notification-service.ts';

/** What is shown, and where a click leads. */
export interface NoticeToShow {
  title: string;
  body: string;
  critical: boolean;
  target: LinkTarget;
}

export type NoticeShown = { shown: true } | { shown: false; why: string };

/** Shows native notifications. Never throws; settles when the system has shown it or said no, at the latest after two seconds. */
export type ShowNotification = (notice: NoticeToShow) => Promise<NoticeShown>;

/** So long for the system's word, in ms. */
const confirmMs = 1_000;
/** So long for a service to say that it is there, in ms; the first time it may have to be started. */
const askMs = 800;
const firstAskMs = 10_000;
const refusals: Partial<Record<ServiceAnswer, string>> = {
  silent: 'the notification service of this desktop does not answer',
  absent: 'this desktop has no notification service',
};
/** Notifications that may still be clicked; the oldest are forgotten first. */
const mostOpen = 50;

/** Makes the one place that shows notifications. To be called when Electron is ready. */
export function createShowNotification(parts: {
  icon: string;
  log: Log;
  open(target: LinkTarget): void;
  /** Asks whether the desktop's service answers; only Linux shows notifications through one that may not. */
  ask(longestMs: number): Promise<ServiceAnswer>;
}): ShowNotification {
  const { log } = parts;
  // One that nothing refers to is collected, and its click with it.
  const open = new Set<Notification>();
  // A service that the desktop starts when it is first needed is there for the first notification.
  void parts.ask(firstAskMs).catch(() => {});

  return async (notice) => {
    try {
      const why = refusals[await parts.ask(askMs)];
      if (why !== undefined) {
        log.warn('A notification could not be shown', { title: notice.title, why });
        return { shown: false, why };
      }
      if (!Notification.isSupported()) return { shown: false, why: 'the system has no notifications' };
      const notification = new Notification(optionsOf(notice, parts.icon));
      open.add(notification);
      for (const old of [...open].slice(0, Math.max(0, open.size - mostOpen))) open.delete(old);
      notification.on('click', () => {
        open.delete(notification);
        parts.open(notice.target);
      });
      notification.on('close', () => open.delete(notification));
      const shown = await confirmed(notification);
      log.info('Notification', { title: notice.title, ...shown });
      return shown;
    } catch (error) {
      log.warn('A notification could not be shown', { error });
      return { shown: false, why: error instanceof Error ? error.message : String(error) };
    }
  };
}

function optionsOf(notice: NoticeToShow, icon: string): NotificationConstructorOptions {
  const { title, body, critical } = notice;
  return { title, body, icon, ...(critical ? { urgency: 'critical', timeoutType: 'never' } : {}) };
}

function confirmed(notification: Notification): Promise<NoticeShown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ shown: false, why: 'the system did not answer' }), confirmMs);
    const settle = (shown: NoticeShown) => {
      clearTimeout(timer);
      resolve(shown);
    };
    notification.once('show', () => settle({ shown: true }));
    notification.once('failed', (_event, error) =>
      // Where libnotify cannot reach the desktop at all it says so without a word.
      settle({ shown: false, why: error || refusals.absent! }),
    );
    notification.show();
  });
}
