import { Button, Modal, TextInput } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { WhyView } from '../../shared/contract/why.ts';
import { failureOf, type Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { WhyAnswer } from './why-answer.tsx';
import css from './why.module.css';

type Asked =
  | { state: 'nothing' }
  | { state: 'asking' }
  | { state: 'answered'; view: WhyView }
  | { state: 'failed'; failure: Failure };

/** Why a lead is, or is not, on the board: asked by its id, answered with all that happened to it. */
export function WhyDialog(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const lead = useStore(navigation, (state) => state.whyLead);
  return (
    <Modal
      opened={lead !== null}
      onClose={() => navigation.setState({ whyLead: null })}
      title={t('why.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      size="lg"
      centered
    >
      {lead === null ? null : <Ask key={lead} lead={lead} />}
    </Modal>
  );
}

function Ask({ lead }: { lead: string }): ReactNode {
  const { t } = useTranslation();
  const { api } = useServices();
  const [text, setText] = useState(lead);
  const [wanted, setWanted] = useState({ lead, times: 0 });
  const [asked, setAsked] = useState<Asked>({ state: lead === '' ? 'nothing' : 'asking' });
  useEffect(() => {
    if (wanted.lead === '') return undefined;
    let over = false;
    setAsked({ state: 'asking' });
    void api
      .client()
      .then((client) => client.deals.why({ lead_id: wanted.lead }))
      .then((view): Asked => ({ state: 'answered', view }))
      .catch((error: unknown): Asked => ({ state: 'failed', failure: failureOf(error) }))
      .then((answer) => (over ? undefined : setAsked(answer)));
    return () => {
      over = true;
    };
  }, [api, wanted]);
  const again = (): void => setWanted({ lead: text.trim(), times: wanted.times + 1 });
  return (
    <>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          again();
        }}
      >
        <TextInput
          label={t('why.lead')}
          value={text}
          maxLength={100}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <Button type="submit" disabled={text.trim() === ''}>
          {t('why.show')}
        </Button>
      </form>
      <div className={css.answer} aria-live="polite">
        {asked.state === 'asking' ? <Bones rows={5} height={36} /> : null}
        {asked.state === 'failed' ? <ErrorState failure={asked.failure} onRetry={again} /> : null}
        {asked.state === 'answered' ? <WhyAnswer view={asked.view} /> : null}
        {asked.state === 'nothing' ? <p className={css.quiet}>{t('why.hint')}</p> : null}
      </div>
    </>
  );
}
