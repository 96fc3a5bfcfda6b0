import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startSandbox, type Sandbox } from '../../../src/main/sandbox/start-sandbox.ts';
import { startControlledPostgres, type ControlledPostgres } from './controlled-postgres.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** `opsdeck agent` as a process of its own, on its own way to the database. */
export interface Agent {
  readonly proxy: TcpProxy;
  child: ChildProcess;
  /** What its log said last about the database, and about leading. */
  away: boolean;
  leads: boolean;
  alive(): boolean;
  /** Starts it anew after it was killed. */
  restart(): void;
}

export interface AgentOffice {
  server: ControlledPostgres;
  vendor: Sandbox;
  agents: Agent[];
  close(): Promise<void>;
}

const program = join(import.meta.dirname, '../../../src/main/cli.ts');

/** One database, one simulated vendor without any deal yet, and so many agents. */
export async function openAgentOffice(count: number): Promise<AgentOffice> {
  const server = await startControlledPostgres();
  const vendor = await startSandbox({ adversus: { office: 'empty', limits: 'off' } });
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-agents-'));
  const agents = await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const proxy = await startTcpProxy(server.port);
      return startAgent(proxy, {
        ...vendor.environment,
        OPSDECK_DATABASE_URL: proxy.through(server.url),
        OPSDECK_DATA_DIR: join(folder, `agent-${number}`),
        OPSDECK_DELTA_SECONDS: '15',
      });
    }),
  );
  return {
    server,
    vendor,
    agents,
    async close() {
      for (const { child } of agents) child.kill('SIGKILL');
      await Promise.all(agents.map(({ proxy }) => proxy.close()));
      await vendor.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startAgent(proxy: TcpProxy, environment: Record<string, string>): Agent {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(OPSDECK_|VITEST|NODE_OPTIONS)/.test(name)),
  );
  function start(): ChildProcess {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'agent'], {
      env: { ...inherited, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('The database does not answer')) agent.away = true;
      if (line.includes('The database answers again')) agent.away = false;
      if (/Leads \(term \d+\)/.test(line)) agent.leads = true;
      if (line.endsWith('Follows')) agent.leads = false;
    });
    return child;
  }
  const agent: Agent = {
    proxy,
    child: undefined as unknown as ChildProcess,
    away: false,
    leads: false,
    alive: () => agent.child.exitCode === null && agent.child.signalCode === null,
    restart() {
      agent.away = agent.leads = false;
      agent.child = start();
    },
  };
  agent.restart();
  return agent;
}
