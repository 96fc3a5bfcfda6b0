import '../wall/wall.css';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WallSlide, WallTarget } from '../../shared/contract/wall-plan.ts';
import { useResource, useServices } from '../services.ts';
import { WallPicture } from '../wall/wall-app.tsx';
import { refresh } from '../wall/wall-store.ts';
import css from './wall-editor.module.css';

/** What the wall will look like: its own picture in a smaller frame, with the office's own figures. */
export function WallPreview(props: {
  slides: readonly WallSlide[];
  /** The slide that is shown; null: by turns, as on the wall. */
  held: WallSlide | null;
  target: WallTarget | null;
  /** Width over height of the display. */
  shape: number;
}): ReactNode {
  const { t } = useTranslation();
  const { wallPreview: stores, today } = useServices();
  const { slides, held, target } = props;
  const seq = useResource(today).data?.seq;
  useEffect(() => {
    void stores.state.reload();
    void stores.board.reload();
    if (held !== null) void refresh(stores, held);
  }, [stores, seq, held]);
  useEffect(() => {
    stores.held.setState({ slide: held });
    const { data } = stores.settings.getState();
    if (data !== null) stores.settings.setState({ data: { ...data, slides: [...slides], target } });
    else
      void stores.settings.reload().then(() => {
        const loaded = stores.settings.getState().data;
        if (loaded !== null) stores.settings.setState({ data: { ...loaded, slides: [...slides], target } });
      });
  }, [stores, slides, held, target]);
  return (
    <div
      className={css.preview}
      style={{ aspectRatio: String(props.shape) }}
      role="img"
      aria-label={t('wallEditor.preview')}
    >
      <div inert>
        <WallPicture stores={stores} />
      </div>
    </div>
  );
}
