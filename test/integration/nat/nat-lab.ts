/** A lab of hosts and routers on the real engine, made by the same plan and executor as any other, with a reflector on the internet. */
import { readFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, ExecResult } from '../../../src/engine/engine.ts';
import type { Lab } from '../../../src/model/lab.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { down, up } from '../../../src/run/run.ts';
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
  /** Wires a container that was started again, as its link step did the first time. */
  relink(container: string): Promise<void>;
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
  const relink: NatLab['relink'] = async (container) => {
    const { dockerAddresses } = await engine.inspect(lab.name, container);
    const link = plan.steps.find(({ id }) => id === `link:${container}`)?.action;
    if (link?.do !== 'link') throw new Error(`the plan does not link "${container}"`);
    const interfaces = plan.containers.find(({ name }) => name === container)?.interfaces ?? [];
    const { code, stderr } = await engine.exec(lab.name, container, ['/bin/sh', '-c', link.script.text], {
      env: {
        ...(link.script.env as Record<string, string>),
        ...Object.fromEntries(interfaces.map(({ name, network }) => [`EDGELAB_IF_${name}`, dockerAddresses[network] ?? ''])),
      },
      ...(link.script.stdin === undefined ? {} : { stdin: link.script.stdin }),
    });
    if (code !== 0) throw new Error(`link ${container}: exit code ${code}\n${stderr}`);
  };

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
  return { lab, plan, sh, ok, perl, relink, close: () => down(common) };
}
