/** A lab of hosts and routers on the real engine, made by the same plan and executor as any other, with a reflector on the internet. */
import { readFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, ExecResult } from '../../../src/engine/engine.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { beginFault, down, restartContainers, up, type Heal } from '../../../src/run/run.ts';
import { readLab } from '../../lib/read-lab.ts';

/** Where the reflector answers: two addresses and two ports, as RFC 5780 wants. */
export const reflector = { address: '45.77.0.10', otherAddress: '45.77.0.200', port: 3478, otherPort: 3479 };
export const reflectorArguments = Object.values(reflector).map(String);

export type NatLab = {
  lab: Lab;
  plan: Plan;
  /** Runs a shell line in one container; `stdin` goes to it. */
  sh(container: string, line: string, stdin?: string): Promise<ExecResult>;
  /** As `sh`, but throws when the line fails; its trimmed output. */
  ok(container: string, line: string, stdin?: string): Promise<string>;
  /** Runs one of the Perl programs beside this file. */
  perl(container: string, program: string, ...args: (string | number)[]): Promise<string>;
  /** Ends and starts a container, and wires it again. */
  restart(container: string, how: 'stop' | 'kill'): Promise<void>;
  /** Begins a fault under a name of its own. */
  begin(name: string, fault: Parameters<typeof beginFault>[2]): Promise<Heal>;
  close(): Promise<unknown>;
};

/** `topology` is the text of a file whose first public node is called `server`. */
export async function openNatLab(engine: Engine, image: string, topology: string): Promise<NatLab> {
  const lab = readLab(topology, 'nat-lab.yaml');
  const { plan, diagnostics } = makePlan(lab);
  if (!plan) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const { signal } = new AbortController();
  const common = { lab: lab.name, engine, emit: () => undefined, signal, now: Date.now };
  await up({
    ...common,
    lab,
    plan,
    topologyFile: '/nat-lab.yaml',
    images: { refs: new Map(['router', 'router-upnp'].map((name) => [name, image])) },
    runsDirectory: await mkdtemp(join(tmpdir(), 'nat-lab-')),
  });

  const sh: NatLab['sh'] = (container, line, stdin) =>
    engine.exec(lab.name, container, ['/bin/sh', '-c', line], { timeoutSeconds: 60, ...(stdin === undefined ? {} : { stdin }) });
  const ok: NatLab['ok'] = async (container, line, stdin) => {
    const { code, stdout, stderr } = await sh(container, line, stdin);
    if (code !== 0) throw new Error(`${container}: ${line.split('\n')[0] ?? ''}: exit code ${code}\n${stdout}${stderr}`);
    return stdout.trim();
  };
  const perl: NatLab['perl'] = async (container, program, ...args) =>
    ok(container, `perl - ${args.join(' ')}`, await readFile(new URL(program, import.meta.url), 'utf8'));
  const restart: NatLab['restart'] = (container, how) => restartContainers({ engine, plan, containers: [container], how, signal });
  const begin: NatLab['begin'] = (name, fault) => beginFault({ engine, lab: lab.name, signal }, name, fault);

  await ok('server', `ip address add ${reflector.otherAddress}/24 dev eth0`);
  await ok(
    'server',
    'mkdir -p /tmp/test && cat > /tmp/test/reflector.pl',
    await readFile(new URL('reflector.pl', import.meta.url), 'utf8'),
  );
  await ok(
    'server',
    `perl /tmp/test/reflector.pl ${reflectorArguments.join(' ')} > /tmp/test/log 2>&1 &
     for _ in $(seq 100); do grep -q ready /tmp/test/log && exit 0; sleep 0.05; done; cat /tmp/test/log; exit 1`,
  );
  return { lab, plan, sh, ok, perl, restart, begin, close: () => down(common) };
}
