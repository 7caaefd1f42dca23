/** Starts containers of a lab again and gives them back what Docker does not keep: interfaces, rules, conditions. */
import type { Engine, Owned } from '../engine/engine.ts';
import type { ErrorCode } from '../lib/error-codes.ts';
import { LabError } from '../lib/lab-error.ts';
import { listWords } from '../lib/names.ts';
import type { LinkPlace } from '../model/link.ts';
import type { Plan, Step } from '../model/plan.ts';
import { restoreLink } from './links.ts';
import { perform, reopenWorkshop, ScriptFailed, type Workshop } from './perform.ts';

/** Which containers are started anew, and how they end before. */
export type RestartOptions = {
  engine: Engine;
  plan: Plan;
  /** Names of containers. */
  containers: readonly string[];
  /** `stop` lets programs end, `kill` does not; `start` is for containers that are down already. */
  how: 'stop' | 'kill' | 'start';
  signal: AbortSignal;
  /** Told when a container is up and wired again, or of other things worth a line. */
  say?: (text: string) => void;
};

/** Resolves when each container is wired again and answers; rejects with what its wiring says, ENGINE003 for unknown names. */
export const restartContainers = async (options: RestartOptions): Promise<void> => {
  const { engine, plan, containers } = options;
  const shop = reopenWorkshop(plan, engine);
  await Promise.all(containers.map((container) => restartOne(shop, container, options)));
};

const restartOne = async (shop: Workshop, container: string, { engine, plan, how, signal, say }: RestartOptions): Promise<void> => {
  const stepOf = (kind: string): Step | undefined => plan.steps.find(({ id }) => id === `${kind}:${container}`);
  const link = stepOf('link');
  if (!plan.containers.some(({ name }) => name === container))
    throw new LabError('ENGINE003', `lab "${plan.lab}" has no container "${container}"`, {
      hint: `it has ${listWords(plan.containers.map(({ name }) => name))}`,
    });
  if (how !== 'start') await engine.power(plan.lab, container, how);
  await engine.power(plan.lab, container, 'start');
  if (link) await performLoud(shop, link, signal);
  const where = { engine, lab: plan.lab, signal };
  const declared = plan.steps.flatMap(({ action }) => (action.do === 'condition' && action.container === container ? [action] : []));
  for (const place of placesOf(plan, container))
    await restoreLink(where, place, declared.find((one) => one.place.device === place.device)?.conditions);
  say?.(`${container} is up and wired again`);
};

/** Every link that can have been told something: all of a container but those to a LAN. */
const placesOf = ({ containers }: Plan, container: string): LinkPlace[] => {
  const found = containers.find(({ name }) => name === container);
  if (!found || found.role === 'core') return [];
  const devices = found.interfaces.map(({ name }) => name).filter((name) => name !== 'lan0');
  return devices.map((device) => ({ container, device, ...(device.startsWith('wan') && { inner: 'lan0' }) }));
};

/** Runs a step outside of `up`, with its failure as an error for people. */
export const performLoud = async (shop: Workshop, step: Step, signal: AbortSignal): Promise<void> => {
  try {
    await perform(shop, step, { signal, onLine: () => undefined });
  } catch (error) {
    if (!(error instanceof ScriptFailed)) throw error;
    const { stdout, stderr } = error.result;
    throw new LabError(
      (step.code as ErrorCode | undefined) ?? 'UP001',
      `"${step.title}" failed: ${error.message}`,
      { step: step.title, outputTail: `${stdout}\n${stderr}`.trim() },
      { cause: error },
    );
  }
};

/** Containers that have ended. */
export const findStopped = (found: readonly Owned[]): string[] =>
  found.filter(({ kind, state }) => kind === 'container' && state === 'exited').map(({ name }) => name);

/** Waits until the DNS of the lab answers in each of these containers again. */
export const awaitOnline = async (engine: Engine, plan: Plan, containers: readonly string[], signal: AbortSignal): Promise<void> => {
  const steps = plan.steps.filter(({ id }) => containers.some((name) => id === `online:${name}`));
  const shop = reopenWorkshop(plan, engine);
  await Promise.all(steps.map((step) => performLoud(shop, step, signal)));
};
