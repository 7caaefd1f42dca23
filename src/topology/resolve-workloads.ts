/** Workloads: which nodes get an instance, and under which Service name. */
import type { Path } from '../lib/document.ts';
import { suggest } from '../lib/names.ts';
import type { Install } from '../model/install.ts';
import type { NodeRole, Workload } from '../model/lab.ts';
import { longestLabel } from './label-schema.ts';
import { type Problems, quote } from './problems.ts';
import type { PlacedNode, ResolvedSites } from './resolve-sites.ts';
import type { LooseTopology } from './shape.ts';

type RawWorkload = NonNullable<NonNullable<LooseTopology['workloads']>[string]>;

/** Words for groups of nodes in `on:`; they come before node names. */
const groups: Record<string, readonly NodeRole[]> = {
  'each-node': ['control-plane', 'worker', 'edge'],
  cloud: ['control-plane', 'worker'],
  edge: ['edge'],
};

/** In the file's order; none without Kubernetes. Reports TOPO042 to TOPO047. */
export const resolveWorkloads = (raw: LooseTopology, install: Install, sites: ResolvedSites, problems: Problems): Workload[] => {
  const entries = Object.entries(raw.workloads ?? {});
  if (entries.length > 0 && !install.kubernetes) {
    const hint = 'add "kubernetes" under install, or remove the workloads';
    problems.errorAtKey('TOPO044', ['workloads'], 'workloads need Kubernetes, which is not installed', hint);
    return [];
  }
  const workloads = entries.map(([name, workload]): Workload => {
    const nodes = workload ? placeWorkload(name, workload, sites, problems) : [];
    return { name, kind: 'echo', nodes, port: workload?.port ?? 0 };
  });
  checkServiceNames(workloads, problems);
  return workloads;
};

/** The names of the nodes that get an instance, in the file's order, each once. */
const placeWorkload = (name: string, { on }: RawWorkload, sites: ResolvedSites, problems: Problems): string[] => {
  const path = ['workloads', name, 'on'];
  if (on === undefined) return [];
  const words: [string | undefined, Path][] = Array.isArray(on) ? on.map((word, index) => [word, [...path, index]]) : [[on, path]];
  const chosen = new Set<string>();
  let sound = sites.complete;
  for (const [word, at] of words) {
    const nodes = word === undefined ? undefined : findNodes(word, at, sites, problems);
    if (!nodes) sound = false;
    for (const node of nodes ?? []) chosen.add(node.name);
  }
  if (chosen.size === 0 && sound) {
    problems.error('TOPO045', path, `workload ${quote(name)} is placed on no node`, 'use each-node, or the name of a node');
  }
  return sites.nodes.map((node) => node.name).filter((node) => chosen.has(node));
};

/** The nodes a word stands for; undefined after a problem. */
const findNodes = (word: string, path: Path, { nodes, complete }: ResolvedSites, problems: Problems): PlacedNode[] | undefined => {
  const named = nodes.find(({ name }) => name === word);
  const roles = Object.hasOwn(groups, word) ? groups[word] : undefined;
  if (roles) {
    const members = nodes.filter(({ role }) => role !== undefined && roles.includes(role));
    if (named && complete && (members.length !== 1 || members[0] !== named)) {
      problems.warning(
        'TOPO047',
        path,
        `${quote(word)} means all ${word} nodes here, not the node of that name`,
        'give that node another name',
      );
    }
    return members;
  }
  if (!named) {
    if (!complete) return undefined;
    const runners = nodes.filter(({ role }) => role !== 'host').map(({ name }) => name);
    const known = [...new Set([...Object.keys(groups), ...runners])];
    problems.error('TOPO042', path, `there is no node ${quote(word)}`, `${suggest(word, known)}there are: ${known.join(', ')}`);
    return undefined;
  }
  if (named.role === 'host') {
    problems.error(
      'TOPO043',
      path,
      `node ${quote(word)} is a host and runs no pods`,
      'a host is outside the cluster; give it another role, or leave it out',
    );
    return undefined;
  }
  return [named];
};

/** `<workload>-<node>` is the name of a Service: a label, and unique in the lab. */
const checkServiceNames = (workloads: Workload[], problems: Problems): void => {
  const holders = new Map<string, string>();
  for (const { name, nodes } of workloads) {
    for (const node of nodes) {
      const service = `${name}-${node}`;
      const holder = holders.get(service);
      holders.set(service, name);
      const path = ['workloads', name];
      if (service.length > longestLabel) {
        const message = `the Service ${quote(service)} has more than ${longestLabel} characters`;
        problems.errorAtKey('TOPO046', path, message, 'shorten the name of the workload or of the node');
      } else if (holder !== undefined) {
        const message = `the Service ${quote(service)} belongs to workload ${quote(holder)} too`;
        problems.errorAtKey('TOPO046', path, message, 'a Service is called <workload>-<node>; choose another name for the workload');
      }
    }
  }
};
