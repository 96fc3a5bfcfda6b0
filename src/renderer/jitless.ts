import { z } from 'zod';

// Imported before anything that builds a schema: zod otherwise probes `new Function`, which the policy forbids.
z.config({ jitless: true });
