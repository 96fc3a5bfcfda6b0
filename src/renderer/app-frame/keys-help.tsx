import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { screens } from '../navigation.ts';
import { useServices } from '../services.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import css from './frame.module.css';
import { isMac } from './top-bar.tsx';

/** Every key there is, on one page. */
export function KeysHelp(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const shown = useStore(navigation, (state) => state.keysShown);
  const rows: ReadonlyArray<readonly [readonly string[], string]> = [
    [[isMac() ? '⌘ K' : 'Ctrl K'], t('keys.palette')],
    [['1', '…', String(screens.length)], t('keys.screens')],
    [['b', 'w', 'p'], t('keys.tabs')],
    [['f', 'u'], t('keys.panels')],
    [['h', 'l'], t('keys.periods')],
    [['g', 'e'], t('keys.board')],
    [['j', 'k'], t('keys.move')],
    [['Home', 'End'], t('keys.ends')],
    [['Esc'], t('keys.escape')],
    [[isMac() ? '⌘ S' : 'Ctrl S'], t('keys.save')],
    [['?'], t('keys.help')],
  ];
  return (
    <Modal
      opened={shown}
      onClose={() => navigation.setState({ keysShown: false })}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      size="sm"
      centered
    >
      <dl className={css.keys}>
        {rows.map(([keys, words]) => (
          <div key={words} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key) => (
                <KeyHint key={key}>{key}</KeyHint>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
