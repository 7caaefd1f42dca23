/** `edgelab bench tunnel`: the data plane of a lab, measured by a scenario that is made for its topology. */
import type { Route, TunnelFigures, TunnelTrial, UpsTrial, Which } from '../../bench/bench.ts';
import type { Engine } from '../../engine/engine.ts';
import { LabError } from '../../lib/lab-error.ts';
import type { StepContext } from '../../scenario/scenario.ts';
import { bringUp } from '../bring-up.ts';
import { note, printJson, type Cli } from '../cli.ts';
import { findLack } from '../find-lack.ts';
import { silent } from '../reporting.ts';
import { loadTopology, type LoadedTopology } from '../topology-file.ts';

/** `seconds` each flow is measured, three times; `beside` is the topology without the tunnel; `runs` how often both come up. */
export type TunnelOptions = { seconds: number; beside: string; runs: number };

/** The result is JSON with or without `--json`; the lab stays up. */
export const benchTunnel = async (cli: Cli, name: string, { seconds, beside, runs }: TunnelOptions): Promise<number> => {
  const [bench, { runScenario }, engine] = await Promise.all([
    import('../../bench/bench.ts'),
    import('../../scenario/runner.ts'),
    cli.connect(),
  ]);
  const topology = await loadTopology(cli, name);
  const { lab, plan } = topology;
  const lack = await findLack(cli, { plan, engine, emit: silent.emit });
  if (lack !== undefined) throw new LabError('SCEN002', `lab "${lab.name}" cannot be brought up: ${lack}`);
  const up = await bench.benchTunnelUps(runs, await makeUps(cli, engine, { tunnel: topology, bare: await loadTopology(cli, beside) }));
  let figures: TunnelFigures | undefined;
  const scenario = {
    ...{ title: 'data plane', topology: name, needs: [], keepGoing: false, disruptive: false },
    steps: [
      {
        title: 'measure',
        run: async (context: StepContext) => {
          figures = await bench.benchTunnel(lab.name, makeTrial(cli, context, seconds));
        },
      },
    ],
  };
  const { verdict, ...run } = await runScenario({
    ...{ scenario, file: 'bench-tunnel', lab, plan, engine, emit: silent.emit, signal: cli.signal, now: cli.now },
  });
  if (!figures) throw new LabError('SCEN003', `measuring failed (${verdict})`, { outputTail: JSON.stringify(run) });
  printJson(cli, { ...figures, up });
  return 0;
};

const makeUps = async (cli: Cli, engine: Engine, labs: Record<Which, LoadedTopology>): Promise<UpsTrial> => {
  const run = await import('../../run/run.ts');
  const down = async (which: Which): Promise<void> => {
    await run.down({ lab: labs[which].lab.name, engine, emit: silent.emit, now: cli.now });
  };
  await down('bare');
  await down('tunnel');
  return {
    down,
    up: async (which) => {
      const startedAt = cli.now();
      await bringUp(cli, labs[which], { report: silent, engine, keep: false });
      const seconds = (cli.now() - startedAt) / 1000;
      note(cli, `up ${labs[which].lab.name} ${seconds.toFixed(1)} s`);
      return seconds;
    },
  };
};

const makeTrial = (cli: Cli, { lab, expect }: StepContext, seconds: number): TunnelTrial => {
  const [workload] = lab.workloads;
  if (!workload)
    throw new LabError('SCEN002', `lab "${lab.name}" has no workload`, { hint: 'workloads: { echo: { on: each-node, port: 80 } }' });
  const target = ({ to, over }: Route) =>
    over === 'address' ? lab.node(to) : over === 'podIP' ? lab.pod(workload.name, { on: to }) : lab.service(workload.name, { on: to });
  const source = ({ from, over }: Route) => (over === 'address' ? lab.node(from) : lab.pod(workload.name, { on: from }));
  return {
    members: workload.nodes.map((name) => lab.node(name)).map(({ name, role, segment }) => ({ name, segment, edge: role === 'edge' })),
    bare: (from, to) => ['direct', 'routed'].includes(lab.way(from, to)),
    look: async (routes) => {
      // what had no first answer is out of reach
      const specs = routes.map((route) => ({ from: source(route), to: target(route), within: '5s' as const, timeout: '5s' as const }));
      const results = await expect.reachAll(specs);
      return results.map(({ check }) => ({
        reachable: check.observed.startsWith('reachable'),
        path: check.path?.kind ?? check.observed,
        how: check.how,
      }));
    },
    first: async (route) => {
      const startedAt = cli.now();
      const [result] = await expect.reachAll([{ from: source(route), to: target(route), within: '60s', timeout: '2s' }]);
      const seconds = Math.round((cli.now() - startedAt) / 10) / 100;
      note(cli, `first answer ${route.from} > ${route.to} ${seconds.toFixed(1)} s: ${result?.check.observed ?? ''}`);
      return result?.check.observed.startsWith('reachable') === true ? seconds : undefined;
    },
    measure: (route) => lab.measure(source(route), target(route), { seconds, waitSeconds: route.over === 'ClusterIP' ? 60 : 10 }),
    tell: ({ from, to, over }, line) => note(cli, `${from} > ${over} of ${to}  ${line}`),
  };
};
