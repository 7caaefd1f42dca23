/** The lab as a scenario's author sees it: things by name, each with what can be done to it. */
import type { Engine } from '../engine/engine.ts';
import type { IkeSa, ServiceRules } from '../evidence/evidence.ts';
import { adminKubeconfig } from '../lib/kubeadm.ts';
import { LabError } from '../lib/lab-error.ts';
import type { Install, Placement } from '../model/install.ts';
import type { Lab, NodeRole, Workload } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { findPod, readCluster, type Cluster, type Pod } from './cluster.ts';
import { makeInventory, type NodeHandle, type RouterHandle, type SiteHandle } from './inventory.ts';
import { measureFlow, type FlowFigures, type MeterOptions, type MeterTarget } from './meter.ts';
import type { Track } from './open-work.ts';
import { findWay, type Way } from './route.ts';
import { readServiceRules } from './service-rules.ts';
import { makeShell, type Shell } from './shell.ts';
import { readSas } from './tunnels/read-sas.ts';
import type { AddressTarget, NameTarget, PodTarget, ServiceTarget, Source } from './targets.ts';

type On = { on: string };
type ServiceOptions = { on?: string; namespace?: string };

/** What a scenario can know of its lab, and ask it. */
export type LabHandle = {
  name: string;
  /** Throws LAB002 for a name the lab does not have, with the nearest one. */
  node(name: string): NodeHandle;
  /** All nodes, or those of a role, in the order of the topology. */
  nodes(role?: NodeRole): NodeHandle[];
  site(name: string): SiteHandle;
  /** The router of a site. */
  router(site: string): RouterHandle;
  /** The instance of a workload on a node: a source, or as a target its podIP. */
  pod(workload: string, at: On): PodTarget;
  /** The Service of a workload's instance on a node, or any Service by its name. */
  service(name: string, options?: ServiceOptions): ServiceTarget;
  /** The same Service by its DNS name. */
  dns(name: string, options?: ServiceOptions): NameTarget;
  /** A node's own address, asked by ping: IPv4, or with `ipv6` the other one; with `byName` the one that `node.site` leads to. */
  address(node: string, options?: { ipv6?: boolean; byName?: boolean }): AddressTarget;
  /** True when the topology installs the component, on nodes of that group if one is given. */
  has(component: keyof Install, on?: Placement): boolean;
  /** Of what the topology installs; undefined for what it does not. */
  version(component: 'kubernetes' | 'flannel' | 'calico' | 'weave' | 'kubeedge' | 'edgemesh' | 'fabedge'): string | undefined;
  /** What the topology installs and with which settings, defaults filled in. */
  install: Readonly<Install>;
  /** `kubectl …` on the control-plane node. */
  kubectl: Shell;
  /** Pods and Services as the API server lists them now. */
  cluster(): Promise<Cluster>;
  /** The pod behind `lab.pod(…)` as it is now; throws SCEN002 when there is none. */
  findPod(target: PodTarget): Promise<Pod>;
  /** kube-proxy's rules (iptables) on the node as they are now; `of` says what they do with a connection to a Service. */
  serviceRules(node: string): Promise<{ of: (service: ServiceTarget) => ServiceRules }>;
  /** IPsec SAs of the strongSwan on the node as they are now; empty where there is none. */
  sas(node: string): Promise<IkeSa[]>;
  /** Round trips and throughput of a flow; undefined when nothing answered in time. */
  measure(from: Source, to: MeterTarget, options?: MeterOptions): Promise<FlowFigures | undefined>;
  /** Where the lab's routers carry a plain packet from one node to another, by the topology. */
  way(from: string, to: string): Way;
  /** The workloads of the topology. */
  workloads: readonly Workload[];
};

/** The lab a handle looks at. `signal` ends what it asks, `track` is told of each command and measurement. */
export type LabSite = { lab: Lab; plan: Plan; engine: Engine; signal: AbortSignal; track: Track };

/** Asks the lab nothing before one of its methods is called, and keeps no answer: each call sees the lab as it is then. */
export const makeLabHandle = (site: LabSite): LabHandle => {
  const { lab, plan, engine, signal, track } = site;
  const shellIn = (container: string): Shell => makeShell({ engine, lab: lab.name, container, signal, track });
  const { node, nodes, site: siteBy, router } = makeInventory(lab, plan, shellIn);
  let asking: Promise<Cluster> | undefined;
  // those who ask at the same moment share one answer
  const cluster = (): Promise<Cluster> =>
    (asking ??= readCluster({ engine, lab: lab.name, container: kubectlNode(plan), signal }).finally(() => (asking = undefined)));
  const service = (name: string, { on, namespace = 'default' }: ServiceOptions = {}): ServiceTarget =>
    on === undefined
      ? { kind: 'service', service: name, namespace }
      : { kind: 'service', service: `${name}-${node(on).name}`, namespace, on, workload: name };
  return {
    name: lab.name,
    node,
    nodes: (role) => nodes.filter((one) => role === undefined || one.role === role),
    site: siteBy,
    router,
    pod: (workload, { on }) => ({ kind: 'pod', workload, on: node(on).name }),
    service,
    dns: (name, options) => ({ kind: 'name', of: service(name, options) }),
    address: (name, options = {}) => ({ kind: 'address', node: node(name), ...options }),
    has: (component, on) => installs(lab, component, on),
    version: (component) => lab.install[component]?.version,
    install: lab.install,
    kubectl: makeShell({
      engine,
      lab: lab.name,
      container: plan.facts.kubectl ?? '',
      env: { KUBECONFIG: adminKubeconfig },
      prefix: 'kubectl ',
      signal,
      track,
    }),
    cluster,
    findPod: async ({ workload, on }) => {
      const pod = findPod(await cluster(), workload, on);
      if (!pod) {
        const hint = 'kubectl get pods -A -o wide shows what runs where; `on:` of the workload says where it should';
        throw new LabError('SCEN002', `no pod of workload "${workload}" runs on ${on}`, { hint });
      }
      return pod;
    },
    serviceRules: (name) => readServiceRules(node(name), cluster),
    measure: (from, to, options) =>
      track(measureFlow({ engine, lab: lab.name, kubectl: plan.facts.kubectl, signal, cluster }, from, to, options)),
    sas: (name) => track(readSas({ lab, engine, signal }, node(name).name)),
    way: (from, to) => findWay(lab, node(from), node(to)),
    workloads: lab.workloads,
  };
};

/** Where kubectl works; SCEN002 in a lab without Kubernetes. */
const kubectlNode = ({ lab, facts }: Plan): string => {
  if (facts.kubectl === undefined) {
    throw new LabError('SCEN002', `lab "${lab}" has no Kubernetes`, {
      hint: "add `install: { kubernetes: … }` to its topology, or the scenario's `needs`",
    });
  }
  return facts.kubectl;
};

const installs = ({ install }: Lab, component: keyof Install, on?: Placement): boolean => {
  const found = install[component];
  if (!found) return false;
  return on === undefined || !('on' in found) || found.on.includes(on);
};
