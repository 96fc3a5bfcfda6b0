import type { ReactNode } from 'react';
import { Chips } from '../ui/chips.tsx';
import { SearchField } from '../ui/search-field.tsx';
import css from './packages.module.css';
import type { ListIds } from './packages-screen.tsx';

/** Above a list of packages: which of them, what can be done with all, and the search. */
export function FilterBar<Name extends string>(props: {
  ids: ListIds;
  label: string;
  names: readonly Name[];
  chosen: Name;
  onChoose: (name: Name) => void;
  word: (name: Name) => string;
  search: { label: string; value: string; onSearch: (text: string) => void };
  children?: ReactNode;
}): ReactNode {
  return (
    <div className={css.bar}>
      <Chips label={props.label} names={props.names} chosen={props.chosen} onChoose={props.onChoose}>
        {props.word}
      </Chips>
      <div className={css.side}>
        {props.children}
        <SearchField id={props.ids.search} listId={props.ids.list} width={220} {...props.search} />
      </div>
    </div>
  );
}
