import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { resourcePath } from './resource-folder.ts';

/** This program's version, from its package. */
export const version: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(resourcePath('package.json'), 'utf8'))).version;
