import { createContext, useContext } from 'react';
import { createFormat, type Format } from '../i18n/format.ts';

const FormatContext = createContext<Format>(createFormat('en', 'UTC'));
export const WallFormatProvider = FormatContext.Provider;

/** Numbers, money and times in the wall's language and the office's zone. */
export function useWallFormat(): Format {
  return useContext(FormatContext);
}
