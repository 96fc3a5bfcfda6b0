import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconCheck, IconCopy, IconKey } from '@tabler/icons-react';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ApiToken } from '../../shared/contract/http-api.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './http-api.module.css';
import sectionCss from './settings.module.css';
import { useTokenActions } from './use-token-actions.ts';

/** Who may call the HTTP API: the office's tokens, a new one, and the one that was just made, shown once. */
export function ApiTokens(): ReactNode {
  const { t } = useTranslation();
  const { httpApi } = useServices();
  const { data, failure } = useResource(httpApi.tokens);
  const made = useStore(httpApi.made, (state) => state.made);
  return (
    <div className={css.tokens}>
      <div className={sectionCss.label}>{t('httpApi.tokens.title')}</div>
      <p className={sectionCss.help}>{t('httpApi.tokens.text')}</p>
      <NewToken />
      {made !== null && (
        <MadeToken key={made.token} {...made} onDone={() => httpApi.made.setState({ made: null })} />
      )}
      {data !== null ? (
        <TokenList tokens={data} />
      ) : (
        <div className={css.waiting}>
          {failure === null ? (
            <Bones rows={3} height={32} />
          ) : (
            <ErrorState failure={failure} onRetry={() => void httpApi.tokens.reload()} />
          )}
        </div>
      )}
    </div>
  );
}

type Kind = 'read' | 'decide';

function NewToken(): ReactNode {
  const { t } = useTranslation();
  const { create } = useTokenActions();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('read');
  const [sending, setSending] = useState(false);
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const owner = name.trim();
    if (owner === '' || sending) return;
    setSending(true);
    const isMade = await create(owner, kind === 'read' ? ['read'] : ['read', 'decide']);
    setSending(false);
    if (isMade) setName('');
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <TextInput
        size="xs"
        aria-label={t('httpApi.tokens.name')}
        placeholder={t('httpApi.tokens.name')}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('httpApi.tokens.scope')}
        value={kind}
        data={(['read', 'decide'] as const).map((value) => ({
          value,
          label: t(`httpApi.scope.${value}`),
        }))}
        onChange={(value) => setKind(value)}
      />
      <Button
        type="submit"
        size="xs"
        loading={sending}
        disabled={name.trim() === ''}
        leftSection={<IconKey size={14} aria-hidden />}
      >
        {t('httpApi.tokens.create')}
      </Button>
    </form>
  );
}

/** The only time that a token is seen. */
function MadeToken(props: { token: string; name: string; onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { copy } = useTokenActions();
  const [copied, setCopied] = useState(false);
  return (
    <div className={css.made} role="alert">
      <div className={css.madeText}>{t('httpApi.made.text', { name: props.name })}</div>
      <TextInput
        size="xs"
        readOnly
        autoFocus
        aria-label={t('httpApi.made.label')}
        className={css.madeToken ?? ''}
        value={props.token}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        size="xs"
        variant="default"
        leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        onClick={() => void copy(props.token).then(setCopied)}
      >
        {t(copied ? 'httpApi.made.copied' : 'httpApi.made.copy')}
      </Button>
      <Button size="xs" variant="default" onClick={props.onDone}>
        {t('httpApi.made.done')}
      </Button>
    </div>
  );
}

function TokenList({ tokens }: { tokens: readonly ApiToken[] }): ReactNode {
  const { t } = useTranslation();
  if (tokens.length === 0) {
    return (
      <div className={css.none}>
        <EmptyState icon={IconKey} title={t('httpApi.tokens.none')}>
          {t('httpApi.tokens.noneText')}
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={css.scroll} role="region" aria-label={t('httpApi.tokens.title')}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('httpApi.column.name')}</th>
            <th scope="col">{t('httpApi.column.scope')}</th>
            <th scope="col">{t('httpApi.column.made')}</th>
            <th scope="col">{t('httpApi.column.used')}</th>
            <th scope="col" aria-label={t('httpApi.revoke.button')} />
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <Row key={token.id} token={token} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ token }: { token: ApiToken }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { revoke } = useTokenActions();
  const [asking, setAsking] = useState(false);
  return (
    <tr>
      <td className={css.name} title={token.name}>
        {token.name}
      </td>
      <td>{t(token.scopes.includes('decide') ? 'httpApi.scope.decide' : 'httpApi.scope.read')}</td>
      <td title={token.created_by}>{format.stamp(token.created_at)}</td>
      <td>{token.last_used_at === null ? t('httpApi.tokens.unused') : format.stamp(token.last_used_at)}</td>
      <td className={css.buttons}>
        {asking ? (
          <>
            <Button size="compact-xs" variant="default" autoFocus onClick={() => setAsking(false)}>
              {t('actions.cancel')}
            </Button>
            <Button size="compact-xs" color="danger" onClick={() => void revoke(token)}>
              {t('httpApi.revoke.sure')}
            </Button>
          </>
        ) : (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('httpApi.revoke.label', { name: token.name })}
            onClick={() => setAsking(true)}
          >
            {t('httpApi.revoke.button')}
          </Button>
        )}
      </td>
    </tr>
  );
}
