import { startEmbeddedPostgres } from '../../src/main/storage/embedded-postgres.ts';

/*
 * A process of its own that uses the embedded server of a folder: `node embedded-postgres-owner.ts FOLDER`.
 * Prints one line of JSON when it has the server, stops in order when its standard input ends.
 */

const dataFolder = process.argv[2];
if (dataFolder === undefined) throw new Error('folder expected');
const server = await startEmbeddedPostgres({ dataFolder, ownerKind: 'console', log: () => undefined });
process.stdout.write(`${JSON.stringify({ url: server.urlFor('postgres'), adopted: server.adopted })}\n`);
process.stdin.resume();
process.stdin.once('end', () => void server.stop());
