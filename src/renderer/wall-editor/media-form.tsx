import { Button } from '@mantine/core';
import { IconAlertTriangle, IconFolderOpen, IconMusic, IconPhoto, IconRefresh } from '@tabler/icons-react';
import { useEffect, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WallMediaView } from '../../shared/contract/wall-window.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Panel } from '../ui/panel.tsx';
import css from './wall-editor.module.css';

/** Sounds and pictures of agents: which files are used, which are not and why, and where they are put. */
export function MediaForm(): ReactNode {
  const { t } = useTranslation();
  const { api, wallMedia: media } = useServices();
  useEffect(() => void media.reload(), [media]);
  const { data, failure, loading } = useResource(media);
  return (
    <div className={css.single}>
      <Panel
        title={t('wallEditor.media.title')}
        side={
          <div className={css.buttons}>
            <Button
              size="compact-xs"
              variant="subtle"
              loading={loading && data !== null}
              leftSection={<IconRefresh size={13} aria-hidden />}
              onClick={() => void media.reload()}
            >
              {t('wallEditor.media.again')}
            </Button>
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconFolderOpen size={13} aria-hidden />}
              onClick={() => void api.client().then((client) => client.wallWindow.openMediaFolder())}
            >
              {t('wallEditor.media.open')}
            </Button>
          </div>
        }
      >
        <p className={css.none}>{t('wallEditor.media.help')}</p>
        {data === null && failure === null && <Bones rows={3} height={28} />}
        {data === null && failure !== null && (
          <ErrorState failure={failure} onRetry={() => void media.reload()} />
        )}
        {data !== null && <Files media={data} />}
      </Panel>
    </div>
  );
}

function Files({ media }: { media: WallMediaView }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  if (media.used.length === 0 && media.refused.length === 0)
    return <p className={css.none}>{t('wallEditor.media.none')}</p>;
  return (
    <ul className={css.files} aria-label={t('wallEditor.media.title')}>
      {media.used.map(({ name, user_id, kind }) => (
        <li key={name}>
          {kind === 'sound' ? <IconMusic size={15} aria-hidden /> : <IconPhoto size={15} aria-hidden />}
          <span className={css.file}>{name}</span>
          <span>{t(`wallEditor.media.${kind}`, { agent: names.get(user_id) ?? user_id })}</span>
        </li>
      ))}
      {media.refused.map(({ name, reason }) => (
        <li key={name} data-refused>
          <IconAlertTriangle size={15} aria-hidden />
          <span className={css.file}>{name}</span>
          <span>{t(`wallEditor.media.refused.${reason}`)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Names of those who are on today's board, by id. */
function useAgentNames(): ReadonlyMap<string, string> {
  const { data } = useResource(useServices().today);
  return useMemo(() => new Map(data?.board.map(({ user_id, name }) => [user_id, name])), [data?.board]);
}
