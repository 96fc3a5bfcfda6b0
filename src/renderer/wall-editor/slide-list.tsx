import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconTrash } from '@tabler/icons-react';
import { useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WallSlide } from '../../shared/contract/wall-plan.ts';
import { moveSlide, removeSlide } from './edit-slides.ts';
import { dayNames, titleOf, whenOf } from './slide-words.ts';
import css from './wall-editor.module.css';

interface ListProps {
  readonly slides: readonly WallSlide[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  readonly onChange: (slides: readonly WallSlide[]) => void;
}

/** The slides in their order. Arrows choose, with Alt they move; Delete removes; rows are dragged by pointer too. */
export function SlideList(props: ListProps): ReactNode {
  const { slides, chosen, onChoose, onChange } = props;
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');

  function move(id: string, to: number): void {
    const place = Math.max(0, Math.min(to, slides.length - 1));
    onChange(moveSlide(slides, id, place));
    const slide = slides.find((one) => one.id === id);
    if (slide)
      setSaid(t('wallEditor.moved', { name: titleOf(slide, t), place: place + 1, count: slides.length }));
    focusRow(id);
  }
  function remove(id: string): void {
    const at = slides.findIndex((slide) => slide.id === id);
    const rest = removeSlide(slides, id);
    onChange(rest);
    const near = rest[Math.min(at, rest.length - 1)];
    if (near === undefined) return;
    onChoose(near.id);
    focusRow(near.id);
  }
  /** The row goes where the pointer that holds it is. */
  function drag(id: string, event: PointerEvent): void {
    if (event.type === 'pointerdown') {
      event.currentTarget.setPointerCapture(event.pointerId);
      return setDragged(id);
    }
    if (event.type !== 'pointermove') return setDragged(null);
    if (dragged !== id) return;
    const over = document
      .elementFromPoint(event.clientX, event.clientY)
      ?.closest<HTMLElement>('[data-slide]');
    const place = slides.findIndex((slide) => slide.id === over?.dataset['slide']);
    if (place >= 0 && slides[place]?.id !== id) onChange(moveSlide(slides, id, place));
  }
  function onKey(event: KeyboardEvent, index: number): void {
    const slide = slides[index];
    if (slide === undefined || event.target !== event.currentTarget) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Delete') remove(slide.id);
    else if (step === 0) return;
    else if (event.altKey) move(slide.id, index + step);
    else {
      const next = slides[index + step];
      if (next === undefined) return;
      onChoose(next.id);
      focusRow(next.id);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <ul className={css.list} aria-label={t('wallEditor.slides')}>
        {slides.map((slide, index) => (
          <SlideRow
            key={slide.id}
            slide={slide}
            place={index}
            last={index === slides.length - 1}
            chosen={slide.id === chosen}
            dragged={slide.id === dragged}
            onChoose={() => onChoose(slide.id)}
            onKey={(event) => onKey(event, index)}
            onMove={(by) => move(slide.id, index + by)}
            onRemove={() => remove(slide.id)}
            onDrag={(event) => drag(slide.id, event)}
          />
        ))}
      </ul>
      <div className={css.said} aria-live="polite">
        {said}
      </div>
    </>
  );
}

function focusRow(id: string): void {
  setTimeout(() => document.getElementById(rowId(id))?.focus(), 0);
}

const rowId = (id: string): string => `slide-${id}`;

function SlideRow(props: {
  slide: WallSlide;
  place: number;
  last: boolean;
  chosen: boolean;
  dragged: boolean;
  onChoose: () => void;
  onKey: (event: KeyboardEvent) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
  onDrag: (event: PointerEvent) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { slide, place } = props;
  const name = titleOf(slide, t);
  return (
    <li
      className={css.row}
      data-chosen={props.chosen || undefined}
      data-dragged={props.dragged || undefined}
      data-slide={slide.id}
    >
      <button
        type="button"
        className={css.grip}
        tabIndex={-1}
        aria-hidden
        onPointerDown={props.onDrag}
        onPointerMove={props.onDrag}
        onPointerUp={props.onDrag}
        onPointerCancel={props.onDrag}
      >
        <IconGripVertical size={14} />
      </button>
      <button
        type="button"
        id={rowId(slide.id)}
        className={css.choose}
        aria-current={props.chosen || undefined}
        title={t('wallEditor.rowKeys')}
        onClick={props.onChoose}
        onKeyDown={props.onKey}
      >
        <span className={css.name}>{name}</span>
        <span className={css.when}>{whenOf(slide, t, dayNames(i18n.language))}</span>
      </button>
      <div className={css.rowButtons}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          disabled={place === 0}
          aria-label={t('wallEditor.up', { name })}
          onClick={() => props.onMove(-1)}
        >
          <IconArrowUp size={14} aria-hidden />
        </ActionIcon>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          disabled={props.last}
          aria-label={t('wallEditor.down', { name })}
          onClick={() => props.onMove(1)}
        >
          <IconArrowDown size={14} aria-hidden />
        </ActionIcon>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t('wallEditor.remove', { name })}
          onClick={props.onRemove}
        >
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      </div>
    </li>
  );
}
