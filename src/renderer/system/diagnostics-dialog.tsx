import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconDeviceFloppy } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PreparedDiagnostics } from '../../shared/contract/diagnostics.ts';
import { failureOf, type Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { useFormat } from '../ui/use-format.ts';
import { StateWord } from '../ui/state-word.tsx';
import css from './diagnostics.module.css';

/** Shows what would be in the diagnostics file and how large it is, before a person says where to save it. */
export function DiagnosticsDialog(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const shown = useStore(navigation, (state) => state.diagnosticsShown);
  const close = (): void => navigation.setState({ diagnosticsShown: false });
  return (
    <Modal
      opened={shown}
      onClose={close}
      title={t('diagnostics.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      size="lg"
      centered
    >
      {shown ? <Content onClose={close} /> : null}
    </Modal>
  );
}

type State =
  | { readonly kind: 'making' }
  | {
      readonly kind: 'made';
      readonly file: PreparedDiagnostics;
      readonly saving: boolean;
      readonly failure: Failure | null;
    }
  | { readonly kind: 'saved'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Has the file made at once, and again with `again`; `save` asks where to. */
function useDiagnostics() {
  const { api } = useServices();
  const [state, setState] = useState<State>({ kind: 'making' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let gone = false;
    setState({ kind: 'making' });
    api
      .client()
      .then((client) => client.diagnostics.prepare())
      .then(
        (file) => gone || setState({ kind: 'made', file, saving: false, failure: null }),
        (error: unknown) => gone || setState({ kind: 'failed', failure: failureOf(error) }),
      );
    return () => void (gone = true);
  }, [api, round]);

  async function save(file: PreparedDiagnostics): Promise<void> {
    setState({ kind: 'made', file, saving: true, failure: null });
    try {
      const { path, bytes } = await (await api.client()).diagnostics.save({ id: file.id });
      if (path === null) setState({ kind: 'made', file, saving: false, failure: null });
      else setState({ kind: 'saved', path, bytes });
    } catch (error) {
      setState({ kind: 'made', file, saving: false, failure: failureOf(error) });
    }
  }
  return { state, save, again: () => setRound(round + 1) };
}

function Content({ onClose }: { onClose: () => void }): ReactNode {
  const { state, save, again } = useDiagnostics();
  switch (state.kind) {
    case 'failed':
      return <ErrorState failure={state.failure} onRetry={again} />;
    case 'saved':
      return <Saved path={state.path} bytes={state.bytes} onClose={onClose} />;
    case 'making':
      return <Inside file={null} saving={false} failure={null} onSave={() => {}} onClose={onClose} />;
    case 'made':
      return (
        <Inside
          file={state.file}
          saving={state.saving}
          failure={state.failure}
          onSave={() => void save(state.file)}
          onClose={onClose}
        />
      );
  }
}

function Saved(props: { path: string; bytes: number; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <StateWord tone="ok" icon={IconCircleCheck}>
        {t('diagnostics.saved', { size: size(props.bytes, format) })}
      </StateWord>
      <p className={css.path}>{props.path}</p>
      <Group justify="flex-end" mt="md">
        <Button onClick={props.onClose} data-autofocus>
          {t('actions.close')}
        </Button>
      </Group>
    </>
  );
}

/** What is in the file, or its bones while it is made. */
function Inside(props: {
  file: PreparedDiagnostics | null;
  saving: boolean;
  failure: Failure | null;
  onSave: () => void;
  onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { file, failure } = props;
  const missing = file?.parts.find((part) => part.missing !== null)?.missing ?? null;
  return (
    <>
      <Text size="sm">{t('diagnostics.text')}</Text>
      <div className={css.list} role="group" aria-label={t('diagnostics.inside')}>
        {file === null ? <Bones rows={12} height={22} /> : <Parts file={file} />}
      </div>
      <Text size="sm" c="dimmed">
        {t('diagnostics.hidden')}
      </Text>
      {missing === null ? null : (
        <Text size="sm" mt={6}>
          {t('diagnostics.why', { why: missing })}
        </Text>
      )}
      {failure === null ? null : (
        <Alert color="red" mt="sm" icon={<IconAlertTriangle size={16} aria-hidden />}>
          {failure.message ?? t(`errors.${failure.code}.title`)}
        </Alert>
      )}
      <Group justify="space-between" mt="md">
        <Text size="sm" role="status">
          {file === null
            ? t('diagnostics.making')
            : t('diagnostics.size', { size: size(file.bytes, format) })}
        </Text>
        <Group>
          <Button variant="default" onClick={props.onClose}>
            {t('actions.cancel')}
          </Button>
          <Button
            disabled={file === null}
            loading={props.saving}
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            onClick={props.onSave}
            data-autofocus
          >
            {t('diagnostics.save')}
          </Button>
        </Group>
      </Group>
    </>
  );
}

function Parts({ file }: { file: PreparedDiagnostics }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <dl className={css.parts}>
      {file.parts.map(({ part, bytes, missing }) => (
        <div key={part} className={css.part}>
          <dt>{t(`diagnostics.part.${part}`)}</dt>
          <dd>
            {missing === null ? (
              size(bytes, format)
            ) : (
              <StateWord tone="warn" icon={IconAlertTriangle} title={missing}>
                {t('diagnostics.missing')}
              </StateWord>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Kilobytes below a megabyte: most parts are small. */
function size(
  bytes: number,
  format: { number(value: number): string; megabytes(bytes: number): string },
): string {
  return bytes < 1_000_000 ? `${format.number(Math.ceil(bytes / 1000))}\u00a0kB` : format.megabytes(bytes);
}
