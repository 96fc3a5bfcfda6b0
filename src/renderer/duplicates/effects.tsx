import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  duplicateAction,
  type BoardMove,
  type DuplicateAction,
  type PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { Name } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import parts from '../ui/parts.module.css';
import { actionKeys } from './action-keys.ts';
import type { ShownCase } from './case-store.ts';
import { moveInWords } from './duplicate-words.ts';
import css from './duplicates.module.css';

/** What each decision means, and what it would do to today's board. */
export function Effects(props: {
  duplicate: PendingDuplicate;
  shown: ShownCase;
  onRetry: () => void;
}): ReactNode {
  const { duplicate, shown } = props;
  const { t } = useTranslation();
  const data = shown.data?.duplicate.id === duplicate.id ? shown.data : null;
  return (
    <table className={css.effects}>
      <thead>
        <tr>
          <th scope="col">{t('duplicates.effects')}</th>
          <th scope="col">{t('duplicates.today')}</th>
        </tr>
      </thead>
      <tbody>
        {duplicateAction.options.map((action) => (
          <tr key={action}>
            <th scope="row">
              <span className={css.actionName}>
                <KeyHint>{actionKeys[action]}</KeyHint> {t(`duplicates.action.${action}`)}
              </span>
              <span className={css.means}>{t(`duplicates.means.${action}`)}</span>
            </th>
            <td>
              {action === 'merge' && duplicate.existing === null ? (
                <span className={css.quiet}>{t('duplicates.noMerge')}</span>
              ) : data !== null ? (
                <Moves action={action} moves={data.effects[action]} />
              ) : shown.failure !== null ? (
                <span className={css.quiet}>
                  {t('duplicates.noEffectKnown')}{' '}
                  <button type="button" className={css.link} onClick={props.onRetry}>
                    {t('actions.tryAgain')}
                  </button>
                </span>
              ) : (
                <span className={parts.bone} style={{ width: 180, height: 10 }} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Moves({ action, moves }: { action: DuplicateAction; moves: readonly BoardMove[] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (moves.length === 0) return <span className={css.quiet}>{t('duplicates.noEffect')}</span>;
  return (
    <ul className={css.moves}>
      {moves.map((move) => (
        <li key={move.user_id}>
          <Name value={move.agent} />
          <span className={css.move}>{moveInWords(move, t, format)}</span>
        </li>
      ))}
      {action === 'merge' ? <li className={css.quiet}>{t('duplicates.mergeDefault')}</li> : null}
    </ul>
  );
}
