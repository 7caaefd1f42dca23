/** Measures a flow from pod to pod or node to node: round trips and throughput, over the very path that probes take. */
import type { Engine, ExecResult } from '../engine/engine.ts';
import { adminKubeconfig } from '../lib/kubeadm.ts';
import { LabError } from '../lib/lab-error.ts';
import type { Ipv4 } from '../model/address.ts';
import { inPodFunction } from '../probes/probes.ts';
import { findPod, findService, type Cluster } from './cluster.ts';
import { meterProgram } from './meter-program.ts';
import { describeSource, describeTarget, type NodeTarget, type PodTarget, type ServiceTarget, type Source } from './targets.ts';

/** What can be measured: a server of our own is put beside the target's pod, or on the node. */
export type MeterTarget = PodTarget | ServiceTarget | NodeTarget;

/** Milliseconds of a 64-byte round trip, and megabits (10^6) a second that arrived: `up` from source to target. */
export type FlowFigures = { p50Ms: number; p99Ms: number; roundTrips: number; upMbit: number; downMbit: number };

/** `kubectl`: the container where it works; a Service to be measured gets one of our own there. */
type MeterSite = { engine: Engine; lab: string; kubectl: string | undefined; signal: AbortSignal; cluster: () => Promise<Cluster> };

/** How long a measurement takes. */
export type MeterOptions = {
  /** Of each of the three measurements; 5 by default. */
  seconds?: number;
  /** How long the first answer may take; 5 by default. */
  waitSeconds?: number;
};

const port = 5301;
const perl = `${inPodFunction.trim()}
pod=$1; shift
[ -n "$pod" ] || exec perl - "$@"
ns=$(in_pod "$pod"); [ -n "$ns" ] || { echo "no network namespace has $pod" >&2; exit 1; }
exec nsenter --net="$ns" perl - "$@"`;

/** Undefined when nothing answered; throws SCEN002 or SCEN003 when it could not be tried. */
export const measureFlow = async (
  site: MeterSite,
  from: Source,
  to: MeterTarget,
  { seconds = 5, waitSeconds = 5 }: MeterOptions = {},
): Promise<FlowFigures | undefined> => {
  const run = (node: string, pod: Ipv4 | undefined, args: (string | number)[], limit: number): Promise<ExecResult> =>
    site.engine.exec(site.lab, node, ['sh', '-c', perl, 'sh', pod ?? '', ...args.map(String)], {
      ...{ stdin: meterProgram, timeoutSeconds: limit, signal: site.signal },
    });
  const [client, server] = await Promise.all([placeOf(site, from), placeOf(site, to)]);
  const started = await run(server.node, server.pod, ['serve', port], 20);
  if (started.code !== 0) throw failed(`a server on ${server.node} did not start`, started);
  const service = to.kind === 'service' ? await makeService(site, to, server.node) : undefined;
  try {
    const host = service?.address ?? server.pod ?? server.address;
    const args = ['ask', host, port, seconds, waitSeconds];
    const asked = await run(client.node, client.pod, args, waitSeconds + 3 * seconds + 30);
    if (asked.code === 3) return undefined;
    if (asked.code !== 0) throw failed(`measuring ${describeSource(from)} > ${describeTarget(to)} failed`, asked);
    return JSON.parse(asked.stdout) as FlowFigures;
  } finally {
    // without the signal: after an interrupt, too, nothing may be left
    await site.engine.exec(site.lab, server.node, ['kill', started.stdout.trim()], { timeoutSeconds: 10 });
    await service?.remove();
  }
};

type Place = { node: string; address: Ipv4; pod?: Ipv4 };

const placeOf = async ({ cluster }: MeterSite, end: Source | MeterTarget): Promise<Place> => {
  if (end.kind === 'node') return { node: end.name, address: end.address };
  const { workload, on } = end;
  const pod = workload === undefined || on === undefined ? undefined : findPod(await cluster(), workload, on);
  if (!pod?.ip) throw new LabError('SCEN002', `no pod of ${workload ?? 'the Service'} has an address on ${on ?? 'any node'}`);
  return pod.hostNetwork ? { node: pod.node, address: pod.ip } : { node: pod.node, address: pod.ip, pod: pod.ip };
};

/** A Service in front of the server: the workload's own leads to another port. */
const makeService = async (site: MeterSite, { workload = '' }: ServiceTarget, node: string) => {
  const name = `edgelab-meter-${node}`;
  const kubectl = async (argv: string[], stdin?: string, signal?: AbortSignal): Promise<void> => {
    const result = await site.engine.exec(site.lab, site.kubectl ?? '', ['kubectl', ...argv], {
      ...{ env: { KUBECONFIG: adminKubeconfig }, timeoutSeconds: 30 },
      ...(stdin === undefined ? {} : { stdin }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (result.code !== 0) throw failed(`kubectl ${argv[0] ?? ''} of a Service failed`, result);
  };
  const spec = { selector: { app: workload, 'edgelab.io/node': node }, ports: [{ name: 'meter', port, targetPort: port }] };
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec }), site.signal);
  const remove = (): Promise<void> => kubectl(['delete', 'service', name, '--ignore-not-found', '--wait=false']);
  const address = findService(await site.cluster(), 'default', name)?.clusterIP;
  if (address !== undefined) return { address, remove };
  await remove();
  throw new LabError('SCEN002', `there is no Service ${name}`);
};

const failed = (what: string, { stderr, code }: ExecResult): LabError =>
  new LabError('SCEN003', what, { outputTail: stderr.trim() || `exit code ${String(code)}` });
