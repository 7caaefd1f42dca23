/** What is mounted into a container, and follows what it comes from. The containers print it: few commands are run in pods, see streams.ts. */
import { isRunning } from './cast.ts';
import { readLog, readOutput, type ConformanceCase, type Seen } from './case.ts';
import { makePod, type Place } from './objects.ts';

const sources = (place: Place): ({ name: string } & Record<string, unknown>)[] => [
  { name: 'config', configMap: { name: `data-${place.edge}` } },
  { name: 'secret', secret: { secretName: `data-${place.edge}` } },
  { name: 'info', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
  { name: 'memory', emptyDir: { medium: 'Memory' } },
];

const labels = { name: 'labels', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } };

/** `volumes` reads what is mounted and ends; `main` runs on. */
export const volumeObjects = (place: Place): object[] => [
  makePod(place, 'volumes', {
    restartPolicy: 'Never',
    volumes: sources(place),
    containers: [
      ['config', 'cat', '/v/data-1'],
      ['secret', 'cat', '/v/data-1'],
      ['info', 'cat', '/v/name'],
      ['memory', 'sh', '-c', 'echo $(stat -c %a /v) $(stat -f -c %T /v)'],
    ].map(([name = '', ...command]) => ({ name, command, volumeMounts: [{ name, mountPath: '/v' }] })),
  }),
  makePod(place, 'main', {
    volumes: [labels],
    containers: [
      { name: 'main', command: ['sh', '-c', 'echo container is alive; exec sleep 600'] },
      {
        name: 'labels',
        command: ['sh', '-c', 'while cat /v/labels && echo; do sleep 1; done'],
        volumeMounts: [{ name: 'labels', mountPath: '/v' }],
      },
    ],
  }),
];

const reads = (name: string, container: string, wanted: (seen: Seen) => string): ConformanceCase => ({
  name,
  pod: 'volumes',
  look: async (seen) => ({ expected: wanted(seen), observed: await readOutput(seen, container) }),
});

export const volumeCases: ConformanceCase[] = [
  reads(
    ...(['[sig-storage] ConfigMap should be consumable from pods in volume [NodeConformance] [Conformance]', 'config'] as const),
    () => 'value-1',
  ),
  reads(
    ...(['[sig-storage] Secrets should be consumable from pods in volume [NodeConformance] [Conformance]', 'secret'] as const),
    () => 'value-1',
  ),
  reads(
    ...(['[sig-storage] Downward API volume should provide podname only [NodeConformance] [Conformance]', 'info'] as const),
    ({ pod }) => pod.metadata.name,
  ),
  reads(
    '[sig-storage] EmptyDir volumes volume on tmpfs should have the correct mode [LinuxOnly] [NodeConformance] [Conformance]',
    'memory',
    () => '1777 tmpfs',
  ),
  {
    name: '[sig-storage] Downward API volume should update labels on modification [NodeConformance] [Conformance]',
    pod: 'main',
    look: async (seen) => {
      const { lab, pod } = seen;
      const expected = 'key3="value3"';
      if (!isRunning(pod)) return { expected, observed: pod.status.phase };
      const { name } = pod.metadata;
      if (pod.metadata.labels['key3'] === undefined) await lab.kubectl`label pod ${name} key3=value3 --overwrite`;
      const lines = (await readLog(seen, 'labels')).split('\n');
      return { expected, observed: lines.find((line) => line.startsWith('key3=')) ?? 'no key3' };
    },
  },
];
