/** `edgelab bench tunnel`: the data plane of a lab, measured by a scenario that is made for its topology. */
import type { Route, TunnelFigures, TunnelTrial } from '../../bench/bench.ts';
import { LabError } from '../../lib/lab-error.ts';
import type { StepContext } from '../../scenario/scenario.ts';
import { bringUp } from '../bring-up.ts';
import { note, printJson, type Cli } from '../cli.ts';
import { findLack } from '../prepare-images.ts';
import type { Report } from '../reporting.ts';
import { loadTopology } from '../topology-file.ts';

const silent: Report = { emit: () => undefined, closeAfter: (work) => work() };

/** The result is JSON with or without `--json`; the lab stays up. */
export const benchTunnel = async (cli: Cli, name: string, seconds: number): Promise<number> => {
  const [bench, { runScenario }, engine] = await Promise.all([
    import('../../bench/bench.ts'),
    import('../../scenario/runner.ts'),
    cli.connect(),
  ]);
  const topology = await loadTopology(cli, name);
  const { lab, plan } = topology;
  const lack = await findLack(cli, plan, silent.emit);
  if (lack !== undefined) throw new LabError('SCEN002', `lab "${lab.name}" cannot be brought up: ${lack}`);
  await bringUp(cli, topology, { report: silent, engine, keep: false });
  let figures: TunnelFigures | undefined;
  const scenario = {
    ...{ title: 'data plane', topology: name, needs: [], keepGoing: false },
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
  printJson(cli, figures);
  return 0;
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
      // a first way across LANs takes its time; what is out of reach by podIP stays so
      const specs = routes.map((route) => {
        const within = route.over === 'ClusterIP' ? ('180s' as const) : ('5s' as const);
        return { from: source(route), to: target(route), within, timeout: '5s' as const };
      });
      const results = await expect.reachAll(specs);
      return results.map(({ check }) => ({
        reachable: check.observed.startsWith('reachable'),
        path: check.path?.kind ?? check.observed,
        how: check.how,
      }));
    },
    measure: (route) => lab.measure(source(route), target(route), { seconds, waitSeconds: route.over === 'ClusterIP' ? 60 : 10 }),
    tell: ({ from, to, over }, line) => note(cli, `${from} > ${over} of ${to}  ${line}`),
  };
};
