/**
 * A plan as a bare POSIX shell script over the docker command: the same networks, containers and scripts on the same
 * images, one after another. `bench up` runs it beside edgelab; a reader can run it by hand.
 */
import { quoteWord } from '../lib/quote.ts';
import type { ImageBinding } from '../model/image.ts';
import type { ContainerSpec, FileSpec, Plan, Script, Step } from '../model/plan.ts';

/** As the engine gives them (engine/docker/host-config.ts), said to the docker command. */
const privileges: Record<ContainerSpec['privilege'], string[]> = {
  node: [
    '--cap-add=ALL',
    '--security-opt',
    'seccomp=unconfined',
    '--security-opt',
    'apparmor=unconfined',
    '--security-opt',
    'systempaths=unconfined',
    '--device-cgroup-rule=a *:* rwm',
    '--cgroupns=private',
    '--tmpfs=/run:exec',
    '--tmpfs=/tmp:exec',
    '-v=/var',
  ],
  router: ['--tmpfs=/run:exec', '--cap-add=NET_ADMIN', '--security-opt', 'apparmor=unconfined', '--security-opt', 'systempaths=unconfined'],
};

/** Where the engine lacks CAP_SYS_RESOURCE, an old one must be told to drop it from ALL, and a new one refuses to be told. */
const createNode = `create_node() {
  docker create --cap-drop=SYS_RESOURCE "$@" 2>/dev/null || docker create "$@"
}`;

const creators: Record<ContainerSpec['privilege'], string> = { node: 'create_node', router: 'docker create' };

const named = (name: string): string => `"edgelab-$lab.${name}"`;

const labels = (kind: string, name: string): string =>
  `--label edgelab.lab="$lab" --label edgelab.kind=${kind} --label edgelab.name=${name}`;

const networkLines = (name: string): string[] => [
  `docker network create ${labels('network', name)} \\`,
  `  -o com.docker.network.bridge.enable_ip_masquerade=false ${named(name)} >/dev/null`,
];

const containerLines = (spec: ContainerSpec, { refs, storeVolume }: ImageBinding): string[] => {
  const [first, ...others] = [...new Set(spec.interfaces.map(({ network }) => network))];
  const store = spec.store && storeVolume !== undefined ? [`-v=${storeVolume}:/var/lib/edgelab/store:ro`] : [];
  return [
    `${creators[spec.privilege]} --name ${named(spec.name)} --hostname ${spec.hostname} ${labels('container', spec.name)} \\`,
    `  --network ${first === undefined ? 'none' : named(first)} ${[...privileges[spec.privilege], ...store].map(quoteWord).join(' ')} \\`,
    `  ${quoteWord(refs.get(spec.image) ?? spec.image)} >/dev/null`,
    ...others.map((network) => `docker network connect ${named(network)} ${named(spec.name)}`),
    `docker start ${named(spec.name)} >/dev/null`,
  ];
};

const fileLine = (container: string, { path, mode, content }: FileSpec): string => {
  const write = `mkdir -p ${quoteWord(path.slice(0, path.lastIndexOf('/')))} && cat > ${quoteWord(path)} && chmod ${mode.toString(8)} ${quoteWord(path)}`;
  return `printf %s ${quoteWord(content)} | docker exec -i ${named(container)} /bin/sh -c ${quoteWord(write)}`;
};

const variableOf = (capture: string): string => `capture_${capture.replaceAll(/\W/g, '_')}`;

const execLine = (container: string, { text, env = {}, stdin }: Script, more: string[]): string => {
  const values = Object.entries(env).map(([key, value]) =>
    typeof value === 'string' ? `-e ${quoteWord(`${key}=${value}`)}` : `-e ${key}="$${variableOf(value.capture)}"`,
  );
  const flags = [...(stdin === undefined ? [] : ['-i']), ...more, ...values].join(' ');
  return `${stdin === undefined ? '' : `printf %s ${quoteWord(stdin)} | `}docker exec ${flags} ${named(container)} /bin/sh -c ${quoteWord(text)}`;
};

/** The address Docker gave on each network, by which the wiring finds its interfaces. */
const interfaceFlags = ({ name: container, interfaces }: ContainerSpec): string[] =>
  interfaces.map(
    ({ name, network }) =>
      `-e EDGELAB_IF_${name}="$(docker inspect -f "{{(index .NetworkSettings.Networks \\"edgelab-$lab.${network}\\").IPAddress}}" ${named(container)})/32"`,
  );

const stepLines = ({ id, action, capture, shown }: Step, plan: Plan, binding: ImageBinding): string[] => {
  if (action.do === 'network') return networkLines(action.network);
  if (action.do === 'condition') return [`# ${id} is left out: how it is made depends on the machine`];
  if (shown && action.do !== 'link') return ['# left out: what it needs has shown the same'];
  const spec = plan.containers.find(({ name }) => name === action.container);
  if (!spec) throw new Error(`step ${id} names the container "${action.container}", which the plan does not have`);
  if (action.do === 'container') return containerLines(spec, binding);
  const files = action.do === 'wait' ? [] : (action.files ?? []);
  const line = execLine(spec.name, action.script, action.do === 'link' ? interfaceFlags(spec) : []);
  return [...files.map((file) => fileLine(spec.name, file)), capture ? `${variableOf(capture.name)}="$(${line})"` : `${line} >/dev/null`];
};

/**
 * One after another as a person would: always the first step of the list whose needs are met, a wait only when
 * nothing else is left to do, a proof last of all. What a wait waits for may be the work of steps it does not need (a
 * node turns Ready by what is done elsewhere): at once they meet, in turn it must come after them.
 */
const inTurn = (steps: readonly Step[]): Step[] => {
  const order: Step[] = [];
  const done = new Set<string>();
  while (order.length < steps.length) {
    const ready = steps.filter(({ id, needs }) => !done.has(id) && needs.every((need) => done.has(need)));
    const next = ready.find(({ action }) => action.do !== 'wait') ?? ready.find(({ verifies }) => verifies !== true) ?? ready[0];
    if (!next) throw new Error('steps of the plan need each other in a circle');
    order.push(next);
    done.add(next.id);
  }
  return order;
};

/** @param lab name under which the script's things are labelled, so that `edgelab down` finds them. */
export const planToScript = (plan: Plan, binding: ImageBinding, lab: string): string =>
  [
    '#!/bin/sh',
    `# ${plan.lab}: what \`edgelab up\` does, one step after another`,
    'set -eu',
    `lab=${quoteWord(lab)}`,
    createNode,
    ...inTurn(plan.steps).flatMap((step) => ['', `# ${step.title}`, ...stepLines(step, plan, binding)]),
    '',
  ].join('\n');
