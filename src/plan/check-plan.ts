/** What must hold of any plan before a single step of it runs; each breach is one diagnostic. */
import { ancestorsOf, findCycle } from '../lib/graph.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan, Step } from '../model/plan.ts';

/** PLAN001 to PLAN005, all that there are; empty for a plan that can be run. */
export const checkPlan = (plan: Plan): Diagnostic[] => [
  ...findDuplicates(plan),
  ...findUnknownNames(plan),
  ...findCircle(plan),
  ...findUnkeptCaptures(plan),
  ...findSharedAddresses(plan),
];

const problem = (code: string, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  ...(hint === undefined ? {} : { hint }),
});

const repeated = (names: readonly string[]): string[] => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];

const findDuplicates = ({ networks, containers, steps, phases }: Plan): Diagnostic[] =>
  [
    { what: 'segments', names: networks.map(({ name }) => name) },
    { what: 'containers', names: containers.map(({ name }) => name) },
    { what: 'steps', names: steps.map(({ id }) => id) },
    { what: 'phases', names: phases.map(({ id }) => id) },
    { what: 'captures', names: steps.flatMap(({ capture }) => (capture ? [capture.name] : [])) },
  ].flatMap(({ what, names }) => repeated(names).map((name) => problem('PLAN001', `two ${what} of the plan are called "${name}"`)));

function findUnknownNames({ networks, containers, steps, phases, cures = [] }: Plan): Diagnostic[] {
  const ids = new Set(steps.map(({ id }) => id));
  const known = {
    segment: new Set(networks.map(({ name }) => name)),
    container: new Set(containers.map(({ name }) => name)),
    phase: new Set(phases.map(({ id }) => id)),
  };
  const unknown = (kind: keyof typeof known, name: string, by: string): Diagnostic[] =>
    known[kind].has(name) ? [] : [problem('PLAN002', `${by} names the ${kind} "${name}", which the plan does not have`)];
  return [
    ...containers.flatMap(({ name, interfaces }) =>
      interfaces.flatMap(({ network }) => unknown('segment', network, `container "${name}"`)),
    ),
    ...steps.flatMap((step) => [
      ...step.needs
        .filter((need) => !ids.has(need))
        .map((need) => problem('PLAN002', `step "${step.id}" needs "${need}", which is not in the plan`)),
      ...unknown('phase', step.phase, `step "${step.id}"`),
      ...(step.action.do === 'network'
        ? unknown('segment', step.action.network, `step "${step.id}"`)
        : unknown('container', step.action.container, `step "${step.id}"`)),
    ]),
    ...cures.flatMap(({ container, after }) => [
      ...(ids.has(after) ? [] : [problem('PLAN002', `a cure waits for "${after}", which is not in the plan`)]),
      ...unknown('container', container, `the cure after "${after}"`),
    ]),
  ];
}

const findCircle = ({ steps }: Plan): Diagnostic[] => {
  const cycle = findCycle(steps);
  return cycle ? [problem('PLAN003', `steps of the plan need each other: ${cycle.map((id) => `"${id}"`).join(' needs ')}`)] : [];
};

const usedCaptures = ({ action }: Step): string[] =>
  'script' in action ? Object.values(action.script.env ?? {}).flatMap((value) => (typeof value === 'string' ? [] : [value.capture])) : [];

function findUnkeptCaptures({ steps }: Plan): Diagnostic[] {
  const keeper = new Map(steps.flatMap(({ id, capture }) => (capture ? [[capture.name, id] as const] : [])));
  return steps.flatMap((step) =>
    usedCaptures(step).flatMap((name) => {
      const keptBy = keeper.get(name);
      if (keptBy === undefined) return [problem('PLAN004', `step "${step.id}" uses "${name}", which no step keeps`)];
      if (ancestorsOf(steps, step.id).has(keptBy)) return [];
      return [problem('PLAN004', `step "${step.id}" uses "${name}" but does not wait for "${keptBy}", which keeps it`)];
    }),
  );
}

/** Equal addresses on different segments are fine: that is what NATs are for. */
const findSharedAddresses = ({ networks, containers }: Plan): Diagnostic[] =>
  networks.flatMap(({ name: network }) => {
    const here = containers.flatMap(({ interfaces }) => interfaces.filter((one) => one.network === network));
    const addresses = here.flatMap((one) => one.addresses.map((address) => address.replace(/\/.*$/, '')));
    return repeated(addresses).map((address) => problem('PLAN005', `two interfaces on segment "${network}" have the address "${address}"`));
  });
