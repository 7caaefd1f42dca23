/** Why edgelab has the versions it has, and which KubeEdge works with which Kubernetes. */
import type { Versioned } from '../lib/versions.ts';

/** What a version needs so that edgelab can have it. */
export const whatVersionsNeed: Readonly<Record<Versioned, string>> = {
  kubernetes: 'its modules pinned in images/go-kubernetes, and a kubeadm that reads v1beta4, which is 1.31 and later',
  flannel: 'its modules pinned in images/go-flannel',
  calico: 'published images, and Felix on nftables, which came with 3.30',
  weave: 'published images, and iptables on nf_tables, which came with 2.9',
  kubeedge: 'its modules pinned in images/go-kubeedge',
  edgemesh: 'a published image, and relays, which came with 1.12',
  fabedge: 'its modules pinned in images/go-fabedge',
  'metrics-server': 'its modules pinned in images/go-metrics-server',
};

/** KubeEdge minor → lowest and highest Kubernetes minor it supports (its compatibility matrix). */
const kubernetesMinors: Record<number, readonly [number, number]> = {
  14: [22, 24],
  15: [24, 26],
  16: [25, 27],
  17: [26, 28],
  19: [27, 29],
  20: [28, 30],
  21: [28, 30],
  22: [29, 31],
  23: [30, 32],
};

/** The Kubernetes versions this KubeEdge supports, `1.30 to 1.32`, if it is not among them; undefined when it fits or is not known. */
export const findMisfit = (kubeedge: string, kubernetes: string): string | undefined => {
  const range = kubernetesMinors[minorOf(kubeedge)];
  const minor = minorOf(kubernetes);
  if (!range || Number.isNaN(minor) || (range[0] <= minor && minor <= range[1])) return undefined;
  return `1.${range[0]} to 1.${range[1]}`;
};

const minorOf = (version: string): number => Number(/^v?1\.(\d+)(\.\d+)?$/.exec(version)?.[1]);
