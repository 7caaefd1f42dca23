/** What can be asked for and from where: plain data, bound to addresses only when a probe starts. */
import type { LabNode } from '../model/lab.ts';

/** A pod of a workload, by the node it runs on. As a target: its podIP. */
export type PodTarget = { kind: 'pod'; workload: string; on: string };
/** A Service. As a target: its ClusterIP. `on` is set for the Service of one instance of a workload. */
export type ServiceTarget = { kind: 'service'; service: string; namespace: string; on?: string; workload?: string };
/** The same, asked for by its name at the cluster's DNS. */
export type NameTarget = { kind: 'name'; of: ServiceTarget };
/** A node's own address, or the one that its name leads to (`laptop.home`), asked by ICMP echo; IPv4 unless told otherwise. */
export type AddressTarget = { kind: 'address'; node: LabNode; ipv6?: boolean; byName?: boolean };
/** A node as a whole; as a target it means its address. */
export type NodeTarget = LabNode & { kind: 'node' };

/** Where a probe starts: in a pod, or on a node. */
export type Source = PodTarget | NodeTarget;
/** What it asks for. */
export type Target = PodTarget | ServiceTarget | NameTarget | AddressTarget | NodeTarget;

/** For the table: `pod on edge-a1`, `edge-a1`. */
export const describeSource = (source: Source): string => (source.kind === 'pod' ? `pod on ${source.on}` : source.name);

/** For the table: `podIP of edge-a1`, `ClusterIP of edge-a1`, `address of edge-a1`. */
export const describeTarget = (target: Target): string => {
  switch (target.kind) {
    case 'pod':
      return `podIP of ${target.on}`;
    case 'service':
      return `ClusterIP of ${target.on ?? target.service}`;
    case 'name':
      return `DNS name of ${target.of.on ?? target.of.service}`;
    case 'address': {
      const what = target.byName === true ? 'name' : 'address';
      return `${target.ipv6 === true ? `IPv6 ${what}` : what} of ${target.node.name}`;
    }
    case 'node':
      return `address of ${target.name}`;
  }
};

/** For check ids: short, stable, without blanks. */
export const idOf = (source: Source, target: Target): string => {
  const from = source.kind === 'pod' ? `${source.workload}@${source.on}` : source.name;
  const to = describeTarget(target).replace('DNS name', 'name').replace(' of ', ':').replace(' ', '-');
  return `${from}>${to}`;
};
