import {
  IconAlertTriangle,
  IconCloudUpload,
  IconFlask,
  IconPlugConnectedX,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useFromClock } from '../office-clock.ts';
import { judgeState, type Doubt } from './judge-state.ts';
import { useCountedAt, useFailed, useSlide } from './use-slide.ts';
import { useWallFormat } from './wall-format.ts';
import { useWall } from './wall-store.ts';

/** How old the board is, what speaks against it, and the time. */
export function WallFoot(): ReactNode {
  const { t } = useTranslation();
  const { settings, state, party, board } = useWall();
  const unsaved = useStore(board, ({ data }) => data?.unsaved ?? 0);
  const muted = useStore(settings, ({ data }) => data !== null && (data.muted || data.volume === 0));
  const volume = useStore(settings, ({ data }) => data?.volume ?? 0);
  const practice = useStore(state, ({ data }) => data?.workspace === 'sandbox');
  const trying = useStore(party, (now) => now.trying);
  return (
    <footer className="foot">
      <Doubtful />
      <div className="line">
        <Age />
        {practice && (
          <span className="practice">
            <IconFlask aria-hidden /> {t('frame.practice')}
          </span>
        )}
        {unsaved > 0 && (
          <span className="fact">
            <IconCloudUpload aria-hidden /> {t('wall.unsaved', { count: unsaved })}
          </span>
        )}
        {muted && !trying && (
          <span className="fact">
            <IconVolumeOff aria-hidden /> {t('wall.muted')}
          </span>
        )}
        {trying && (
          <span className="fact">
            <IconVolume aria-hidden /> {t('wall.trying', { volume })}
          </span>
        )}
        <Clock />
      </div>
    </footer>
  );
}

function Age(): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const { clock, state } = useWall();
  const { data } = useStore(state);
  const countedAt = useCountedAt(useSlide());
  const readAt = olderOf(data?.read_at ?? null, countedAt);
  const age = useFromClock(clock, (now) => {
    if (readAt === null) return '';
    const ms = now - Date.parse(readAt);
    const isLate = data !== null && ms > 3 * data.delta_seconds * 1_000;
    return ms < 60_000 && !isLate ? t('figures.justNow') : t('figures.ago', { span: format.span(ms) });
  });
  if (data === null) return <span className="age">{'\u00a0'}</span>;
  return <span className="age">{readAt === null ? t('frame.neverRead') : `${t('wall.read')} ${age}`}</span>;
}

/** A figure is as old as the oldest thing it is made of. Null: nothing was read at all yet. */
function olderOf(readAt: string | null, countedAt: string | null): string | null {
  if (readAt === null || countedAt === null) return readAt;
  return Date.parse(countedAt) < Date.parse(readAt) ? countedAt : readAt;
}

function Clock(): ReactNode {
  const { clock } = useWall();
  const format = useWallFormat();
  const text = useFromClock(clock, (now) => format.time(new Date(now)));
  return <time className="clock">{text}</time>;
}

function Doubtful(): ReactNode {
  const { clock, connection, state, board } = useWall();
  const connected = useStore(connection, (now) => now.connected);
  const { data, failure } = useStore(state);
  const shown = useStore(board, (resource) => resource.data !== null);
  const boardFailed = useStore(board, (resource) => resource.failure !== null);
  const slideFailed = useFailed(useSlide());
  const answered = connected && failure === null && !boardFailed && !slideFailed;
  // Drawn again only when the verdict differs, so it is passed through as text.
  const verdict = useFromClock(clock, (now) => JSON.stringify(judgeState({ answered, state: data, now })));
  const doubt = JSON.parse(verdict) as Doubt | null;
  // Where there is no board, the middle of the wall says why.
  if (doubt === null || !shown) return null;
  return <DoubtLine doubt={doubt} />;
}

function DoubtLine({ doubt }: { doubt: Doubt }): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const Icon = doubt.tone === 'bad' ? IconPlugConnectedX : IconAlertTriangle;
  const since = 'since' in doubt ? format.time(doubt.since) : '';
  return (
    <p className="doubt" data-tone={doubt.tone} role="status">
      <Icon aria-hidden />
      <span>{t(`wall.doubt.${doubt.kind}`, { since })}</span>
    </p>
  );
}
