/** The machine below the labs: `examineHost` says all about it for `doctor`, `requireHost` refuses before `up` what could not work. */
import type { Engine, EngineFacts } from '../engine/engine.ts';
import { LabError } from '../lib/lab-error.ts';
import { messageOf } from '../lib/message-of.ts';
import { plural } from '../lib/names.ts';
import type { Plan } from '../model/plan.ts';
import { runCommand } from './command.ts';
import type { Finding } from './finding.ts';
import { findDocker, type DockerState } from './findings/docker.ts';
import { findFeature, findKernel, triableFeatures } from './findings/kernel.ts';
import { findInotify, findMachine, findMemory, type Need } from './findings/machine.ts';
import { findBridgeFilter, findNetwork, findTranslating } from './findings/network.ts';
import { kernelFeatures } from './kernel-features.ts';
import { probeKernel } from './kernel-probe.ts';
import { featureNeed, hasPods, inotifyNeed, memoryNeed } from './need.ts';
import { surveyHost } from './survey-host.ts';
import type { Survey } from './survey.ts';

export { runAttached, runCommand, type CommandOptions, type CommandResult } from './command.ts';
export { builderEnvironment, drainDocker, feedDocker, pipeCommands, runDocker, tailOf, tryDocker, type Argv } from './docker-cli.ts';
export type { Finding, FindingArea, FindingState } from './finding.ts';
export { findHoldings, type Holding } from './holdings.ts';
export { inotifyNeed, memoryNeed } from './need.ts';
export { findRouterImage } from './router-image.ts';
export { tryInImage } from './try-in-image.ts';

type ExamineOptions = {
  engine: Engine;
  /** An image of ours that is there already and brings ip, tc and nft: kernel features are tried in it. */
  image?: string;
  need: Need;
};

/** Everything there is to say about this machine; changes nothing. */
export const examineHost = async ({ engine, image, need }: ExamineOptions): Promise<Finding[]> => {
  const docker: DockerState = { engine: await askEngine(engine), ...(await clientVersion()) };
  const facts = 'problem' in docker.engine ? undefined : docker.engine;
  const { survey, probeAt } = await surveyHost(facts, image);
  const probe = probeAt ? await probeKernel(probeAt, triableFeatures(survey)) : new Map<string, boolean>();
  return [...findMachine(survey, need), ...findDocker(docker, survey), ...findKernel(survey, probe), ...findNetwork(survey)];
};

type RequireOptions = {
  plan: Plan;
  engine: Engine;
  /** True when this lab runs already: then what it needs is taken already. */
  running: boolean;
  image?: string;
};

/** Throws LabError HOST00x when this plan cannot work here; resolves to one line about the machine. */
export const requireHost = async ({ plan, engine, running, image }: RequireOptions): Promise<string> => {
  const facts = await askEngine(engine);
  if ('problem' in facts) {
    throw new LabError('HOST001', `no Docker engine answers: ${facts.problem}`, { hint: 'edgelab doctor says more' });
  }
  const { survey, features } = await findWanted(plan, facts, image);
  const need = { memory: memoryNeed(plan), inotify: inotifyNeed(plan), what: `lab ${plan.lab}` };
  refuse([
    ...(running ? [] : [findMemory(survey, need), findInotify(survey, need)]),
    ...features,
    findBridgeFilter(survey, hasPods(plan)),
    ...findTranslating(survey, plan, facts),
  ]);
  const free = survey.memoryFree === undefined ? [] : [`${(survey.memoryFree / 2 ** 30).toFixed(1)} GiB free`];
  return [facts.name, plural(survey.cpus, 'processor'), ...free].join(' · ');
};

/** What each feature that the plan cannot work without is on this machine. */
const findWanted = async (plan: Plan, facts: EngineFacts, image?: string): Promise<{ survey: Survey; features: Finding[] }> => {
  const { survey, probeAt } = await surveyHost(facts, image);
  const wanted = kernelFeatures.filter(({ id }) => featureNeed(plan).has(id));
  const read = wanted.map((feature) => findFeature(feature, survey, new Map()));
  // What reading has settled is not tried again: trying takes half a second.
  const unsettled = new Set(wanted.filter((_, index) => read[index]?.state === 'warn').map(({ id }) => id));
  const probe = probeAt && unsettled.size > 0 ? await probeKernel(probeAt, unsettled) : new Map<string, boolean>();
  return { survey, features: wanted.map((feature) => findFeature(feature, survey, probe)) };
};

/**
 * In words, the capabilities that this machine lacks and other labs can do without; undefined when the plan asks for none of them.
 * A machine that lacks what every lab needs is not asked here: `requireHost` refuses it.
 */
export const findMissingCapability = async ({ plan, engine }: Pick<RequireOptions, 'plan' | 'engine'>): Promise<string | undefined> => {
  const needed = featureNeed(plan);
  if (!kernelFeatures.some(({ id, without }) => without !== undefined && needed.has(id))) return undefined;
  const facts = await askEngine(engine);
  if ('problem' in facts) return undefined;
  const { features } = await findWanted(plan, facts);
  const absent = features.filter(({ state }) => state === 'absent');
  return absent.length === 0 ? undefined : `kernel without ${absent.map(({ title, why }) => `${title} (${why ?? ''})`).join(', ')}`;
};

const refuse = (findings: readonly Finding[]): void => {
  const failed = findings.filter(({ state, code }) => (state === 'fail' || state === 'absent') && code !== undefined);
  const [first] = failed;
  if (first?.code === undefined) return;
  throw new LabError(first.code, failed.map(describe).join('; '), { hint: failed.flatMap(({ fix }) => fix ?? []).join('; ') });
};

const describe = ({ title, value, why }: Finding): string => `${title}: ${value}${why === undefined ? '' : ` (${why})`}`;

const askEngine = async (engine: Engine): Promise<EngineFacts | { problem: string }> => {
  try {
    return await engine.facts();
  } catch (error) {
    return { problem: messageOf(error) };
  }
};

const clientVersion = async (): Promise<{ client?: string }> => {
  const { code, stdout } = await runCommand(['docker', '--version']);
  return code === 0 ? { client: /\d[\w.+~]*/.exec(stdout)?.[0] ?? 'present' } : {};
};
