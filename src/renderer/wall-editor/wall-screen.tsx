import { Button, Menu, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconConfetti,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconScreenShare,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mostSlides, slideKinds, type SlideKind } from '../../shared/contract/wall-plan.ts';
import type { DisplayName } from '../../shared/contract/wall-window.ts';
import { failureOf } from '../failure.ts';
import { useResource, useServices } from '../services.ts';
import { useConsoleSettings } from '../settings/use-console-settings.ts';
import { useWallWindow } from '../settings/use-wall-window.ts';
import { Panel } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { CheersForm } from './cheers-form.tsx';
import { addSlide, changeSlide, newSlide } from './edit-slides.ts';
import { MediaForm } from './media-form.tsx';
import { SlideForm } from './slide-form.tsx';
import { SlideList } from './slide-list.tsx';
import { titleOf } from './slide-words.ts';
import { usePlanDraft, type PlanDraft } from './use-plan-draft.ts';
import css from './wall-editor.module.css';
import { WallPreview } from './wall-preview.tsx';
import { WallPulseLine } from './wall-pulse.tsx';

const tabs = ['slides', 'cheers', 'media'] as const;

/** What the wall shows, celebrates and sounds like, and whether it lives. */
export function WallScreen(): ReactNode {
  const { t } = useTranslation();
  const [tab, setTab] = useState<(typeof tabs)[number]>('slides');
  return (
    <div className={css.screen}>
      <div className={css.top}>
        <h1 className={css.heading}>{t('screens.wall')}</h1>
        <WallPulseLine />
        <WallButtons />
      </div>
      <Tabs label={t('screens.wall')} names={tabs} chosen={tab} onChoose={setTab}>
        {(name) => t(`wallEditor.tab.${name}`)}
      </Tabs>
      {tab === 'slides' && <Slides />}
      {tab === 'cheers' && <CheersForm />}
      {tab === 'media' && <MediaForm />}
    </div>
  );
}

function WallButtons(): ReactNode {
  const { t } = useTranslation();
  const { api } = useServices();
  const { state, open, close } = useWallWindow();
  async function rehearse(): Promise<void> {
    try {
      const { shown } = await (await api.client()).wallWindow.rehearse();
      if (!shown) notifications.show({ message: t('wallEditor.notOpen') });
    } catch (error) {
      notifications.show({ message: t(`errors.${failureOf(error).code}.title`), color: 'red' });
    }
  }
  const isOpen = state?.open ?? false;
  return (
    <div className={css.buttons}>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconConfetti size={14} aria-hidden />}
        title={t('wallEditor.rehearseHelp')}
        onClick={() => void rehearse()}
      >
        {t('wallEditor.rehearse')}
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={state === null}
        leftSection={<IconScreenShare size={14} aria-hidden />}
        onClick={() => void (isOpen ? close() : open())}
      >
        {isOpen ? t('wallWindow.close') : t('wallWindow.open')}
      </Button>
    </div>
  );
}

function Slides(): ReactNode {
  const { t } = useTranslation();
  const { settings } = useConsoleSettings();
  const [display, setDisplay] = useState<DisplayName | null>(settings.wallDisplay);
  const draft = usePlanDraft(display);
  const [wanted, setWanted] = useState('');
  const [plays, setPlays] = useState(false);
  const chosen = draft.slides.find(({ id }) => id === wanted) ?? draft.slides[0];
  if (chosen === undefined) return null;
  const shape = display === null ? 16 / 9 : display.width / display.height;
  return (
    <div className={css.slides}>
      <Panel
        title={t('wallEditor.slides')}
        side={
          <AddButton
            full={draft.slides.length >= mostSlides}
            onAdd={(kind) => {
              const slide = newSlide(kind, crypto.randomUUID());
              draft.set(addSlide(draft.slides, slide, chosen.id));
              setWanted(slide.id);
            }}
          />
        }
      >
        <DisplayChoice display={display} locked={draft.dirty} onChoose={setDisplay} />
        <SlideList slides={draft.slides} chosen={chosen.id} onChoose={setWanted} onChange={draft.set} />
        <DraftBar draft={draft} />
      </Panel>
      <div className={css.right}>
        <div className={css.previewHead}>
          <span>{plays ? t('wallEditor.playing') : titleOf(chosen, t)}</span>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={
              plays ? <IconPlayerPause size={13} aria-hidden /> : <IconPlayerPlay size={13} aria-hidden />
            }
            onClick={() => setPlays(!plays)}
          >
            {plays ? t('wallEditor.hold') : t('wallEditor.play')}
          </Button>
        </div>
        <WallPreview
          slides={draft.slides}
          held={plays ? null : chosen}
          target={settings.wallTarget}
          shape={shape}
        />
        <Panel title={titleOf(chosen, t)}>
          <SlideForm slide={chosen} onChange={(slide) => draft.set(changeSlide(draft.slides, slide))} />
        </Panel>
      </div>
    </div>
  );
}

function AddButton(props: { full: boolean; onAdd: (kind: SlideKind) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          size="compact-xs"
          variant="light"
          disabled={props.full}
          leftSection={<IconPlus size={13} aria-hidden />}
        >
          {t('wallEditor.add')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {slideKinds.map((kind) => (
          <Menu.Item key={kind} onClick={() => props.onAdd(kind)}>
            {t(`wallEditor.kind.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const main = 'main';

/** Each display has slides of its own; one without shows those of the main display. */
function DisplayChoice(props: {
  display: DisplayName | null;
  locked: boolean;
  onChoose: (display: DisplayName | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { data } = useResource(useServices().wallWindow);
  const { settings } = useConsoleSettings();
  const known: DisplayName[] = [...(data?.displays ?? [])];
  for (const display of [settings.wallDisplay, ...settings.wallPlans.map((plan) => plan.display)])
    if (display !== null && !known.some((one) => keyOf(one) === keyOf(display))) known.push(display);
  return (
    <Select
      size="xs"
      className={css.display}
      label={t('wallEditor.forDisplay')}
      disabled={props.locked}
      allowDeselect={false}
      data={[
        { value: main, label: t('wallWindow.display.main') },
        ...known.map((display) => ({
          value: keyOf(display),
          label: `${display.label || '–'} (${display.width} × ${display.height})`,
        })),
      ]}
      value={props.display === null ? main : keyOf(props.display)}
      onChange={(value) => {
        const found = known.find((display) => keyOf(display) === value);
        if (!found) return props.onChoose(null);
        const { label, x, y, width, height } = found;
        props.onChoose({ label, x, y, width, height });
      }}
    />
  );
}

function keyOf({ label, x, y }: DisplayName): string {
  return `${label} ${x},${y}`;
}

function DraftBar({ draft }: { draft: PlanDraft }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={css.draftBar} data-save-bar={draft.dirty || undefined} aria-live="polite">
      <span>{draft.dirty ? t('wallEditor.unsaved') : t('wallEditor.saved')}</span>
      <Button size="xs" variant="default" disabled={!draft.dirty} onClick={draft.discard}>
        {t('settings.discard')}
      </Button>
      <Button size="xs" disabled={!draft.dirty} onClick={() => void draft.save()}>
        {t('wallEditor.show')}
      </Button>
    </div>
  );
}
