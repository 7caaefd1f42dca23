/** Face of the plan room: from a resolved lab to everything `up` will do, as plain data. */
import { components } from '../components/registry.ts';
import { plural } from '../lib/names.ts';
import { compiled } from '../lib/versions.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ChosenVersions } from '../model/image.ts';
import type { Lab } from '../model/lab.ts';
import type { Plan } from '../model/plan.ts';
import { listMachines, listSegments } from '../nodes/nodes.ts';
import { checkPlan } from './check-plan.ts';
import { withConditions } from './condition-steps.ts';
import { makeNetworkSteps } from './network-steps.ts';
import { makeProofSteps } from './proof-steps.ts';

export { listShown } from '../nodes/nodes.ts';
export { checkPlan } from './check-plan.ts';
export { explainPlan } from './explain.ts';
export { hashPlan } from './hash.ts';
export { listMeasured, type Measured } from './online.ts';
export { measureNat, startResponder } from './proof-steps.ts';

/** The plan of a lab, or why there is none. Equal labs give equal plans, whenever and wherever. */
export function makePlan(lab: Lab, installable: typeof components = components): { plan?: Plan; diagnostics: Diagnostic[] } {
  const wanted = installable.filter((component) => component.wanted(lab));
  const store = sorted(wanted.flatMap((component) => component.storeImages(lab)));
  const external = sorted(wanted.flatMap((component) => component.externalImages?.(lab) ?? []));
  const machines = listMachines(lab, { store: store.length > 0 });
  const containers = [...machines.routers, ...machines.nodes].map(({ container }) => container);
  const features = sorted(wanted.flatMap((component) => component.features?.(lab) ?? []));
  const cures = wanted.flatMap((component) => component.cures?.(lab) ?? []);
  const remarks = wanted.flatMap((component) => component.remarks?.(lab) ?? []);
  const kubectl = containers.find(({ role }) => role === 'control-plane')?.name;
  const plan: Plan = {
    lab: lab.name,
    networks: listSegments(lab),
    containers,
    phases: [
      { id: 'network', title: networkTitle(machines.routers.length - 1) },
      { id: 'nodes', title: plural(machines.nodes.length, 'node') },
      ...wanted.map((component) => ({ id: component.kind, title: component.title(lab) })),
    ],
    steps: [
      ...withConditions(lab, [...makeNetworkSteps(lab, machines), ...makeProofSteps(lab)]),
      ...wanted.flatMap((component) => component.steps(lab)),
    ],
    ...(cures.length > 0 && { cures }),
    ...(remarks.length > 0 && { remarks }),
    ...(features.length > 0 && { features }),
    images: { containers: sorted(containers.map(({ image }) => image)), store, external, versions: chooseVersions(lab) },
    facts: { ...(lab.install.kubernetes && kubectl !== undefined ? { kubectl } : {}), dns: lab.internet.core.address },
  };
  const diagnostics = checkPlan(plan);
  return diagnostics.length > 0 ? { diagnostics } : { plan, diagnostics };
}

const chooseVersions = ({ install }: Lab): ChosenVersions =>
  Object.fromEntries(compiled.flatMap((component) => (install[component] ? [[component, install[component].version]] : [])));

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

const networkTitle = (routers: number): string => `networks, internet core${routers > 0 ? `, ${plural(routers, 'router')}` : ''}`;
