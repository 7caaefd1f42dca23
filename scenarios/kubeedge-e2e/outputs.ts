/** What a container is started with: its environment, its command, its /etc/hosts; it prints that and ends. */
import { pickLines, readOutput, type ConformanceCase, type Seen } from './case.ts';
import { makeData, makePod, type Place } from './objects.ts';

const fieldRef = (name: string, fieldPath: string): object => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const resourceRef = (name: string, resource: string): object => ({ name, valueFrom: { resourceFieldRef: { resource } } });
const value = (name: string, text: string): object => ({ name, value: text });

const environment = (edge: string): object[] => [
  fieldRef('POD_NAME', 'metadata.name'),
  fieldRef('POD_NAMESPACE', 'metadata.namespace'),
  fieldRef('POD_IP', 'status.podIP'),
  fieldRef('HOST_IP', 'status.hostIP'),
  fieldRef('POD_UID', 'metadata.uid'),
  resourceRef('CPU_LIMIT', 'limits.cpu'),
  resourceRef('MEMORY_LIMIT', 'limits.memory'),
  resourceRef('CPU_REQUEST', 'requests.cpu'),
  resourceRef('MEMORY_REQUEST', 'requests.memory'),
  { name: 'CONFIG_DATA_1', valueFrom: { configMapKeyRef: { name: `data-${edge}`, key: 'data-1' } } },
  { name: 'SECRET_DATA', valueFrom: { secretKeyRef: { name: `data-${edge}`, key: 'data-1' } } },
  ...[value('FOO', 'foo-value'), value('BAR', 'bar-value'), value('FOOBAR', '$(FOO);;$(BAR)')],
];

/** A core is the unit of the CPU variables and rounded up: less is asked for than upstream does, so that it fits beside all else. */
const resources = { limits: { cpu: '1500m', memory: '64Mi' }, requests: { cpu: '50m', memory: '32Mi' } };
const testVariable = { env: [value('TEST_VAR', 'test-value')] };
const shell = ['sh', '-c'];

export const outputObjects = (place: Place): object[] => [
  makeData('ConfigMap', `data-${place.edge}`),
  makeData('Secret', `data-${place.edge}`),
  makePod(place, 'env', {
    restartPolicy: 'Never',
    containers: [{ name: 'env', command: ['env'], env: environment(place.edge), resources }],
  }),
  makePod(place, 'commands', {
    restartPolicy: 'Never',
    hostAliases: [{ ip: '123.45.67.89', hostnames: ['foo', 'bar'] }],
    containers: [
      { name: 'command', command: [...shell, 'TEST_VAR=wrong echo "$(TEST_VAR)"'], ...testVariable },
      { name: 'args', command: shell, args: ['TEST_VAR=wrong echo "$(TEST_VAR)"'], ...testVariable },
      { name: 'other-args', args: ['entrypoint-tester', 'override', 'arguments'] },
      { name: 'other-command', command: ['echo', 'override', 'command'] },
      { name: 'other-both', command: ['echo'], args: ['override', 'all'] },
      { name: 'hosts', args: ['etc-hosts'] },
      { name: 'nobody', command: ['id', '-u'], securityContext: { runAsUser: 65534 } },
      { name: 'read-only', command: [...shell, 'echo test > /file'], securityContext: { readOnlyRootFilesystem: true } },
    ],
  }),
];

const variables = (name: string, wanted: (seen: Seen) => Record<string, string>): ConformanceCase => ({
  name,
  pod: 'env',
  look: async (seen) => {
    const expected = Object.entries(wanted(seen)).map((pair) => pair.join('='));
    return { expected: expected.join(' '), observed: pickLines(await readOutput(seen, 'env'), Object.keys(wanted(seen))) };
  },
});

/** The last line that the container printed. */
const prints = (name: string, container: string, expected: string): ConformanceCase => ({
  name,
  pod: 'commands',
  look: async (seen) => ({ expected, observed: (await readOutput(seen, container)).split('\n').at(-1) ?? '' }),
});

export const outputCases: ConformanceCase[] = [
  variables(
    '[sig-node] Downward API should provide pod name, namespace and IP address as env vars [NodeConformance] [Conformance]',
    ({ pod }) => ({ POD_NAME: pod.metadata.name, POD_NAMESPACE: 'default', POD_IP: pod.status.podIP ?? 'none' }),
  ),
  variables('[sig-node] Downward API should provide host IP as an env var [NodeConformance] [Conformance]', ({ edge }) => ({
    HOST_IP: edge.address,
  })),
  variables('[sig-node] Downward API should provide pod UID as env vars [NodeConformance] [Conformance]', ({ pod }) => ({
    POD_UID: pod.metadata.uid,
  })),
  variables(
    "[sig-node] Downward API should provide container's limits.cpu/memory and requests.cpu/memory as env vars [NodeConformance] [Conformance]",
    () => ({ CPU_LIMIT: '2', MEMORY_LIMIT: '67108864', CPU_REQUEST: '1', MEMORY_REQUEST: '33554432' }),
  ),
  variables('[sig-node] ConfigMap should be consumable via environment variable [NodeConformance] [Conformance]', () => ({
    CONFIG_DATA_1: 'value-1',
  })),
  variables('[sig-node] Secrets should be consumable from pods in env vars [NodeConformance] [Conformance]', () => ({
    SECRET_DATA: 'value-1',
  })),
  variables('[sig-node] Variable Expansion should allow composing env vars into new env vars [NodeConformance] [Conformance]', () => ({
    ...{ FOO: 'foo-value', BAR: 'bar-value', FOOBAR: 'foo-value;;bar-value' },
  })),
  prints(
    "[sig-node] Variable Expansion should allow substituting values in a container's command [NodeConformance] [Conformance]",
    ...(['command', 'test-value'] as const),
  ),
  prints(
    "[sig-node] Variable Expansion should allow substituting values in a container's args [NodeConformance] [Conformance]",
    ...(['args', 'test-value'] as const),
  ),
  prints(
    "[sig-node] Containers should be able to override the image's default arguments (container cmd) [NodeConformance] [Conformance]",
    ...(['other-args', '[/agnhost entrypoint-tester override arguments]'] as const),
  ),
  prints(
    "[sig-node] Containers should be able to override the image's default command (container entrypoint) [NodeConformance] [Conformance]",
    ...(['other-command', 'override command'] as const),
  ),
  prints(
    "[sig-node] Containers should be able to override the image's default command and arguments [NodeConformance] [Conformance]",
    ...(['other-both', 'override all'] as const),
  ),
  prints(
    '[sig-node] Kubelet when scheduling an agnhost Pod with hostAliases should write entries to /etc/hosts [NodeConformance] [Conformance]',
    ...(['hosts', '123.45.67.89\tfoo\tbar'] as const),
  ),
  prints(
    '[sig-node] Security Context When creating a container with runAsUser should run the container with uid 65534 [LinuxOnly] [NodeConformance] [Conformance]',
    ...(['nobody', '65534'] as const),
  ),
  prints(
    '[sig-node] Kubelet when scheduling a read only busybox container should not write to root filesystem [LinuxOnly] [NodeConformance] [Conformance]',
    ...(['read-only', 'sh: 1: cannot create /file: Read-only file system'] as const),
  ),
];
