/** What edged reports of a pod: where it runs, how its containers ended, that one was started again. */
import { holds, isRunning, type PodObject } from './cast.ts';
import type { ConformanceCase, Seen } from './case.ts';
import { makePod, pause, type Place } from './objects.ts';

const shell = ['sh', '-c'];
const ended = { restartPolicy: 'Never' };

export const stateObjects = (place: Place): object[] => [
  makePod(place, 'goes', { ...ended, containers: [{ name: 'goes', command: ['false'] }] }),
  makePod(place, 'ends', {
    ...ended,
    containers: [
      {
        name: 'file',
        command: [...shell, 'printf DONE > /dev/termination-custom-log'],
        terminationMessagePath: '/dev/termination-custom-log',
        securityContext: { runAsUser: 10000 },
      },
      { name: 'log', command: [...shell, 'printf DONE; false'], terminationMessagePolicy: 'FallbackToLogsOnError' },
      { name: 'fails', command: ['false'] },
    ],
  }),
  makePod(place, 'init', {
    ...ended,
    initContainers: [
      { name: 'init1', command: ['true'] },
      { name: 'init2', command: ['true'] },
    ],
    containers: [{ name: 'run1', command: ['true'] }],
  }),
  makePod(place, 'init-fails', {
    ...ended,
    initContainers: [
      { name: 'init1', command: ['true'] },
      { name: 'init2', command: ['false'] },
    ],
    containers: [{ name: 'run1', command: ['true'] }],
  }),
  makePod(place, 'probed', {
    containers: [
      {
        name: 'liveness',
        command: [...shell, 'touch /tmp/health; sleep 5; rm /tmp/health; sleep 600'],
        livenessProbe: { exec: { command: ['cat', '/tmp/health'] }, initialDelaySeconds: 8, periodSeconds: 2, failureThreshold: 1 },
      },
    ],
  }),
  makePod(place, 'deadline', { containers: [pause] }),
];

const says = (name: string, pod: string, expected: string, say: (seen: Seen) => string | Promise<string>): ConformanceCase => ({
  name,
  pod,
  look: async (seen) => ({ expected, observed: await say(seen) }),
});

const terminated = ({ status }: PodObject, container: string) =>
  [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].find(({ name }) => name === container)?.state.terminated;

const exitCodes = (pod: PodObject): string =>
  (pod.status.initContainerStatuses ?? []).map(({ name }) => `${name} ${terminated(pod, name)?.exitCode ?? 'not ended'}`).join(', ');

const runtime = '[sig-node] Container Runtime blackbox test on terminated container should report termination message';

export const stateCases: ConformanceCase[] = [
  {
    name: '[sig-node] Pods should get a host IP [NodeConformance] [Conformance]',
    pod: 'main',
    look: async ({ edge, pod }) => ({ expected: edge.address, observed: pod.status.hostIP ?? 'none' }),
  },
  says(
    '[sig-node] Kubelet when scheduling a busybox command that always fails in a pod should have an terminated reason [NodeConformance] [Conformance]',
    ...(['ends', 'Error, exit code 1'] as const),
    ({ pod }) => {
      const end = terminated(pod, 'fails');
      return end ? `${end.reason ?? 'no reason'}, exit code ${end.exitCode}` : pod.status.phase;
    },
  ),
  says(
    '[sig-node] Kubelet when scheduling a busybox command that always fails in a pod should be possible to delete [NodeConformance] [Conformance]',
    ...(['goes', 'NotFound'] as const),
    async ({ lab, pod }) => {
      if (pod.status.phase !== 'Failed') return pod.status.phase;
      await lab.kubectl`delete pod ${pod.metadata.name} --timeout=50s`;
      const { stdout, stderr } = await lab.kubectl({ nothrow: true })`get pod ${pod.metadata.name} --no-headers`;
      return /\((\w+)\)/.exec(stderr)?.[1] ?? stdout;
    },
  ),
  says(
    `${runtime} if TerminationMessagePath is set as non-root user and at a non-default path [NodeConformance] [Conformance]`,
    ...(['ends', 'DONE'] as const),
    ({ pod }) => terminated(pod, 'file')?.message ?? 'none',
  ),
  says(
    `${runtime} from log output if TerminationMessagePolicy FallbackToLogsOnError is set [NodeConformance] [Conformance]`,
    ...(['ends', 'DONE'] as const),
    ({ pod }) => terminated(pod, 'log')?.message ?? 'none',
  ),
  says(
    '[sig-node] InitContainer [NodeConformance] should invoke init containers on a RestartNever pod [Conformance]',
    ...(['init', 'Succeeded, initialized, init1 0, init2 0'] as const),
    ({ pod }) => `${pod.status.phase}, ${holds(pod, 'Initialized') ? '' : 'not '}initialized, ${exitCodes(pod)}`,
  ),
  says(
    '[sig-node] InitContainer [NodeConformance] should not start app containers and fail the pod if init containers fail on a RestartNever pod [Conformance]',
    ...(['init-fails', 'Failed, not initialized, init1 0, init2 1, run1 not ended'] as const),
    ({ pod }) =>
      `${pod.status.phase}, ${holds(pod, 'Initialized') ? '' : 'not '}initialized, ${exitCodes(pod)}, run1 ${terminated(pod, 'run1') ? 'ended' : 'not ended'}`,
  ),
  says(
    '[sig-node] Probing container should be restarted with a exec "cat /tmp/health" liveness probe [NodeConformance] [Conformance]',
    ...(['probed', 'restarted'] as const),
    ({ pod }) => ((pod.status.containerStatuses?.[0]?.restartCount ?? 0) > 0 ? 'restarted' : 'not restarted'),
  ),
  says(
    '[sig-node] Pods should allow activeDeadlineSeconds to be updated [NodeConformance] [Conformance]',
    ...(['deadline', 'DeadlineExceeded'] as const),
    async ({ lab, pod }) => {
      if (isRunning(pod) && pod.spec.activeDeadlineSeconds === undefined) {
        await lab.kubectl`patch pod ${pod.metadata.name} -p ${JSON.stringify({ spec: { activeDeadlineSeconds: 5 } })}`;
      }
      return pod.status.reason ?? pod.status.phase;
    },
  ),
];
