/** Takes the survey of the machine that the containers run on: this one, or, where the engine is elsewhere, its own through a container. */
import type { EngineFacts } from '../engine/engine.ts';
import { runCommand, systemPath } from './command.ts';
import type { ProbePlace } from './kernel-probe.ts';
import { readSurvey, surveyScript, type Survey } from './survey.ts';

type SurveyedHost = {
  survey: Survey;
  /** Where kernel features can be tried; undefined where they cannot. */
  probeAt?: ProbePlace;
  /** True when the engine runs on another kernel than this program (another machine, or Docker Desktop's). */
  elsewhere: boolean;
};

/** `image`: one of ours that is there already and brings ip, tc and nft. */
export const surveyHost = async (facts: EngineFacts | undefined, image: string | undefined): Promise<SurveyedHost> => {
  const script = ['sh', '-c', surveyScript, 'sh', facts?.rootDir ?? '/var/lib/docker'] as const;
  const here = readSurvey((await runCommand(script, { env: systemPath, timeoutSeconds: 20 })).stdout);
  if (!facts || facts.kernel === here.kernel) {
    const place: ProbePlace | undefined = image !== undefined ? { image } : here.root ? 'here' : undefined;
    return { survey: here, elsewhere: false, ...(place && { probeAt: place }) };
  }
  if (image === undefined) return { survey: surveyFromFacts(facts), elsewhere: true };
  const run = [
    'docker',
    'run',
    '--rm',
    '--network',
    'host',
    '--label',
    'edgelab.kind=probe',
    '--entrypoint',
    'sh',
    image,
    ...script.slice(1),
  ] as const;
  const { stdout } = await runCommand(run, { timeoutSeconds: 30 });
  return { survey: readSurvey(stdout), elsewhere: true, probeAt: { image } };
};

/** The little that the engine says of its machine. */
const surveyFromFacts = ({ os, kernel, cpus, memoryBytes, cgroupVersion }: EngineFacts): Survey => ({
  ...readSurvey(''),
  ...{ system: os, kernel, cpus, memoryTotal: memoryBytes, memoryFree: memoryBytes },
  cgroups: { v1: cgroupVersion === 1, v2: cgroupVersion === 2 },
});
