import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiToken } from '../../shared/contract/http-api.ts';
import type { TokenScope } from '../../shared/contract/http/route.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';

/** Making, copying and revoking tokens; a failure is told where the person is. */
export function useTokenActions(): {
  /** True when it was made; it is then in the store. */
  create(name: string, scopes: TokenScope[]): Promise<boolean>;
  copy(token: string): Promise<boolean>;
  revoke(token: ApiToken): Promise<void>;
} {
  const { api, httpApi } = useServices();
  const { t } = useTranslation();
  return useMemo(() => {
    const tell = (message: string, color: string): void => {
      notifications.show({ id: 'http-api', message, color });
    };
    const tellFailure = (error: unknown): void => {
      const { code } = failureOf(error);
      tell(t(code === 'CONFLICT' ? 'httpApi.tokens.taken' : `errors.${code}.title`), 'red');
    };
    return {
      async create(name, scopes) {
        try {
          const { token } = await (await api.client()).httpApi.createToken({ name, scopes });
          httpApi.made.setState({ made: { token, name } });
          void httpApi.tokens.reload();
          return true;
        } catch (error) {
          tellFailure(error);
          return false;
        }
      },
      async copy(token) {
        try {
          return (await (await api.client()).httpApi.copyToken({ token })).copied;
        } catch (error) {
          tellFailure(error);
          return false;
        }
      },
      async revoke(token) {
        try {
          await (await api.client()).httpApi.revokeToken({ id: token.id });
          tell(t('httpApi.revoke.done', { name: token.name }), 'green');
        } catch (error) {
          tellFailure(error);
        }
        void httpApi.tokens.reload();
      },
    };
  }, [api, httpApi, t]);
}
