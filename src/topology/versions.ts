/** Which versions of each component edgelab can install, and which KubeEdge works with which Kubernetes. */

/** Component → versions with pinned sources under images/ or a published image; the first is the default. */
export const versions = {
  kubernetes: ['1.32.5'],
  flannel: ['0.28.9'],
  kubeedge: ['1.23.1'],
  // a published image each; those before 1.12 had a server instead of relays
  edgemesh: ['1.16.0', '1.12.0', '1.13.0', '1.13.1', '1.13.2', '1.14.0', '1.15.0', '1.17.0'],
  fabedge: ['1.0.0'],
  'metrics-server': ['0.8.0'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type Versioned = keyof typeof versions;

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
