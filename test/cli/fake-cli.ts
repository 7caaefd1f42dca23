/** The command line without a process: captured output, a fake engine, any folder. */
import { fileURLToPath } from 'node:url';
import type { Cli } from '../../src/cli/cli.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { FakeEngine } from '../../src/engine/fake/fake-engine.ts';
import type { ContainerSpec } from '../../src/model/plan.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

export type Ran = { code: number; stdout: string; stderr: string };

export type Situation = Partial<Pick<Cli, 'cwd' | 'env' | 'root' | 'signal'>> & { engine?: FakeEngine };

/** Runs one command line; the engine is an empty one unless given. */
export const runEdgelab = async (argv: readonly string[], { engine = new FakeEngine(), ...given }: Situation = {}): Promise<Ran> => {
  let stdout = '';
  let stderr = '';
  const cli: Cli = {
    ...{ root, cwd: root, env: {}, stdinIsTty: false, cleanup: undefined, attached: false, exitCode: 0 },
    stdout: { write: (text) => (stdout += Buffer.from(text).toString()) },
    stderr: { write: (text) => (stderr += Buffer.from(text).toString()) },
    now: () => engine.clock.now(),
    signal: new AbortController().signal,
    connect: async () => engine,
    ...given,
  };
  const code = await runCli(argv, cli);
  return { code, stdout, stderr };
};

/** An engine in which these labs are up: lab → names of its nodes; `cloud` is a control plane, `…router` a router. */
export const engineWith = async (labs: Record<string, readonly string[]>, topology = '/somewhere/topology.yaml'): Promise<FakeEngine> => {
  const engine = new FakeEngine();
  for (const [lab, names] of Object.entries(labs)) {
    const owner = { lab, planHash: 'hash', topology };
    await engine.ensureNetwork(owner, { name: 'internet', title: 'internet' });
    for (const name of names) await engine.ensureContainer(owner, container(name), { image: 'image' });
  }
  return engine;
};

const container = (name: string): ContainerSpec => ({
  ...{ name, image: 'node', hostname: name, privilege: 'node', store: false },
  interfaces: [{ network: 'internet', name: 'eth0', addresses: ['45.77.0.9/24'] }],
  role: name === 'cloud' ? 'control-plane' : name.endsWith('router') ? 'router' : 'edge',
});
