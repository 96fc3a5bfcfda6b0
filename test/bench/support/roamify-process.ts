// A process of its own for benches: the sandbox's supplier with its whole catalogue.
import { startRoamify } from '../../../src/main/sandbox/roamify/start-roamify.ts';

const vendor = await startRoamify({ changesByDay: false });
process.on('disconnect', () => process.exit());
process.send?.(vendor.url);
