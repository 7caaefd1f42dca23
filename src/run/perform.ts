/** Performs one step's action on the engine: create, write files, run the script; knows nothing of order or of other steps. */
import type { Engine, ExecResult, Making, Ownership } from '../engine/engine.ts';
import type { ImageBinding } from '../model/image.ts';
import type { LinkFacts } from '../model/link.ts';
import type { ContainerSpec, FileSpec, NetworkSpec, Plan, Script, Step } from '../model/plan.ts';
import { makeCaptures, type Captures } from './captures.ts';
import { conditionLink, probeLinks } from './links.ts';
import { makeMasker } from './masker.ts';

/** Where a line was printed. */
export type Stream = 'stdout' | 'stderr';

/** What every action of one `up` shares. */
export type Workshop = {
  engine: Engine;
  owner: Ownership;
  images: ImageBinding;
  captures: Captures;
  networks: ReadonlyMap<string, NetworkSpec>;
  containers: ReadonlyMap<string, ContainerSpec>;
  /** By container: wiring that its first process does. */
  firstScripts: ReadonlyMap<string, Script>;
  /** What the machine can do for links: asked once, by the first step that wants to know. */
  linkFacts?: Promise<LinkFacts>;
};

/** A workshop for `plan` in which nothing has been made yet. */
export const openWorkshop = (plan: Plan, shared: Pick<Workshop, 'engine' | 'owner' | 'images' | 'captures'>): Workshop => ({
  ...shared,
  networks: new Map(plan.networks.map((spec) => [spec.name, spec])),
  containers: new Map(plan.containers.map((spec) => [spec.name, spec])),
  firstScripts: new Map(
    plan.steps.flatMap(({ action, shown }) => (action.do === 'link' && shown ? [[action.container, action.script] as const] : [])),
  ),
});

/** A workshop for a lab that is there: steps are repeated in it, nothing new is made. */
export const reopenWorkshop = (plan: Plan, engine: Engine): Workshop =>
  openWorkshop(plan, {
    ...{ engine, owner: { lab: plan.lab, planHash: '', topology: '' } },
    ...{ images: { refs: new Map() }, captures: makeCaptures(makeMasker()) },
  });

/** Raised by a script that ended with another exit code than 0. */
export class ScriptFailed extends Error {
  readonly result: ExecResult;
  constructor(result: ExecResult) {
    super(`exit code ${result.code}`);
    this.name = 'ScriptFailed';
    this.result = result;
  }
}

type PerformOptions = {
  signal: AbortSignal;
  /** Each complete line the script prints while it runs. */
  onLine: (line: string, stream: Stream) => void;
};

/** Does what `step` says; its result is what its script printed, if it has one. Throws ScriptFailed or what the engine throws. */
export const perform = async (shop: Workshop, step: Step, options: PerformOptions): Promise<ExecResult | undefined> => {
  const { action } = step;
  switch (action.do) {
    case 'network':
      await shop.engine.ensureNetwork(shop.owner, find(shop.networks, action.network), options.signal);
      return undefined;
    case 'container':
      return startContainer(shop, find(shop.containers, action.container), options);
    case 'link':
      return runScript(shop, step, action, options, await linkEnv(shop, action.container));
    case 'condition': {
      const { engine, owner } = shop;
      shop.linkFacts ??= probeLinks({ engine, lab: owner.lab, container: action.container, signal: options.signal });
      const { place, conditions } = action;
      await conditionLink({ engine, lab: owner.lab, place, conditions, facts: await shop.linkFacts, signal: options.signal });
      return undefined;
    }
    case 'exec':
    case 'wait':
      return runScript(shop, step, action, options, {});
  }
};

const find = <T>(specs: ReadonlyMap<string, T>, name: string): T => {
  const spec = specs.get(name);
  if (spec === undefined) throw new Error(`the plan does not describe "${name}"`);
  return spec;
};

const startContainer = async (shop: Workshop, spec: ContainerSpec, { signal, onLine }: PerformOptions): Promise<ExecResult | undefined> => {
  const { engine, owner, images, captures } = shop;
  const image = images.refs.get(spec.image);
  if (image === undefined) throw new Error(`image "${spec.image}" is not there`);
  const script = shop.firstScripts.get(spec.name);
  const making: Making = {
    image,
    storeVolume: images.storeVolume,
    ...(script && {
      first: (carriers) => ({ ...script, env: { ...captures.fill(script.env), ...interfaceEnv(spec, carriers) }, onLine }),
    }),
  };
  const { first } = await engine.ensureContainer(owner, spec, making, signal);
  if (first && first.code !== 0) throw new ScriptFailed(first);
  return first;
};

/** For a container that runs already: an interface has Docker's address and no other. */
const linkEnv = async ({ engine, owner, containers }: Workshop, container: string): Promise<Record<string, string>> => {
  const { dockerAddresses } = await engine.inspect(owner.lab, container);
  const single = Object.entries(dockerAddresses).map(([network, address]) => [network, `${address}/32`] as const);
  return interfaceEnv(find(containers, container), Object.fromEntries(single));
};

/** `EDGELAB_IF_<interface>=<prefix that holds Docker's address on it>`: interfaces are found by it, because their order is not promised. */
const interfaceEnv = (spec: ContainerSpec, found: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    spec.interfaces.map(({ name, network }) => {
      const where = found[network];
      if (where === undefined) throw new Error(`"${spec.name}" is not attached to "${network}"`);
      return [`EDGELAB_IF_${name}`, where];
    }),
  );

type Scripted = { container: string; script: Script; files?: FileSpec[] };

const runScript = async (
  { engine, owner, captures }: Workshop,
  step: Step,
  { container, script, files = [] }: Scripted,
  { signal, onLine }: PerformOptions,
  extraEnv: Record<string, string>,
): Promise<ExecResult> => {
  const env = { ...captures.fill(script.env), ...extraEnv };
  if (files.length > 0) await engine.writeFiles(owner.lab, container, files, signal);
  const result = await engine.exec(owner.lab, container, ['/bin/sh', '-c', script.text], {
    env,
    ...(script.stdin === undefined ? {} : { stdin: script.stdin }),
    signal,
    timeoutSeconds: step.timeoutSeconds,
    onLine,
  });
  if (result.code !== 0 || result.timedOut) throw new ScriptFailed(result);
  return result;
};
