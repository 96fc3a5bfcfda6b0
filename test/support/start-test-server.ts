/** Makes sure that tests have a Postgres server to make databases on. */
export default async function startTestServer(): Promise<void> {
  process.env['OPSDECK_TEST_SERVER_URL'] ??= 'postgres://postgres@127.0.0.1:54329/postgres';
}
