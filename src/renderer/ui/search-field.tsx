import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from './key-hint.tsx';

/** A pause in typing after which the search is asked. */
const typingMs = 180;

/** Searches a list while somebody types; Escape clears, then leaves it, Enter and the down arrow go to the list. */
export function SearchField(props: {
  id: string;
  listId: string;
  label: string;
  value: string;
  onSearch: (search: string) => void;
  width?: number | string;
}): ReactNode {
  const { value, onSearch } = props;
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), typingMs);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  const toList = (): void => document.getElementById(props.listId)?.focus();
  return (
    <TextInput
      id={props.id}
      size="xs"
      w={props.width ?? 260}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'ArrowDown') toList();
        else if (event.key !== 'Escape') return;
        else if (text === '') toList();
        else setText('');
        event.preventDefault();
      }}
      placeholder={props.label}
      aria-label={props.label}
      aria-keyshortcuts="/"
      maxLength={200}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        text === '' ? (
          <KeyHint>/</KeyHint>
        ) : (
          <CloseButton size="xs" aria-label={t('actions.clear')} onClick={() => setText('')} />
        )
      }
    />
  );
}
