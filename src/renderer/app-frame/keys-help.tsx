import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { screenKeys } from '../navigation.ts';
import { useServices } from '../services.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import css from './frame.module.css';
import { isMac } from './top-bar.tsx';

type Row = readonly [readonly string[], string];

/** Every key there is, on one page. */
export function KeysHelp(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const shown = useStore(navigation, (state) => state.keysShown);
  const command = isMac() ? '⌘' : 'Ctrl';
  const groups: Readonly<
    Record<'everywhere' | 'today' | 'duplicates' | 'held' | 'leaderboard' | 'packages', readonly Row[]>
  > = {
    everywhere: [
      [[`${command} K`], t('keys.palette')],
      [['1', '…', '0'], t('keys.screens')],
      [[screenKeys.settings, `${command} ,`], t('keys.settings')],
      [['/'], t('keys.search')],
      [['j', 'k'], t('keys.move')],
      [['Home', 'End'], t('keys.ends')],
      [['Esc'], t('keys.escape')],
      [[`${command} S`], t('keys.save')],
      [['y'], t('keys.why')],
      [['?'], t('keys.help')],
    ],
    today: [
      [['b', 'w', 'p'], t('keys.tabs')],
      [['f', 'u'], t('keys.panels')],
    ],
    duplicates: [
      [['a', 'r', 'm', 'x'], t('keys.decide')],
      [['u'], t('keys.undo')],
      [['Enter'], t('keys.next')],
      [['n'], t('keys.note')],
      [['l'], t('keys.alike')],
      [['h'], t('keys.history')],
      [['o'], t('keys.sent')],
      [['g'], t('keys.rules')],
      [['e'], t('keys.export')],
    ],
    held: [[['a', 'x'], t('keys.held')]],
    leaderboard: [
      [['h', 'l'], t('keys.periods')],
      [['g', 'e', 'd', 'r'], t('keys.board')],
    ],
    packages: [
      [['h', 'l'], t('keys.packages.tabs')],
      [['r', 'v'], t('keys.packages.read')],
      [['a', 'x'], t('keys.packages.decide')],
      [['m'], t('keys.packages.mark')],
      [['f'], t('keys.packages.fix')],
      [['c'], t('keys.packages.changes')],
      [['u'], t('keys.packages.undo')],
      [['s', 'o', 'i'], t('keys.packages.sell')],
    ],
  };
  return (
    <Modal
      opened={shown}
      onClose={() => navigation.setState({ keysShown: false })}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      size="lg"
      centered
    >
      <div className={css.keyGroups}>
        {(['everywhere', 'duplicates', 'packages', 'today', 'leaderboard', 'held'] as const).map((group) => (
          <section key={group} aria-label={t(`keys.groups.${group}`)}>
            <h3>{t(`keys.groups.${group}`)}</h3>
            <dl className={css.keys}>
              {groups[group].map(([keys, words]) => (
                <div key={words} style={{ display: 'contents' }}>
                  <dt>
                    {keys.map((key) =>
                      key === '…' ? <span key={key}>…</span> : <KeyHint key={key}>{key}</KeyHint>,
                    )}
                  </dt>
                  <dd>{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
