/** Findings about the Docker engine and its client. */
import type { EngineFacts } from '../../engine/engine.ts';
import type { Finding } from '../finding.ts';
import type { Survey } from '../survey.ts';

/** The oldest engine that is tested. */
const oldestApi = '1.41';

/** Both ways to Docker: its API and its command. */
export type DockerState = {
  /** Facts of the engine, or in words why it gave none. */
  engine: EngineFacts | { problem: string };
  /** Version of the docker command; undefined when there is none. */
  client?: string;
};

/** Engine, cgroups, CAP_SYS_RESOURCE and storage driver, or that no engine answers; then the command. */
export const findDocker = ({ engine, client }: DockerState, survey: Survey): Finding[] => [
  ...('problem' in engine
    ? [noEngine(engine.problem, survey)]
    : [findVersion(engine), findCgroups(engine, survey), findSysResource(engine), findStorage(engine)]),
  client === undefined
    ? {
        id: 'docker-client',
        area: 'docker',
        title: 'docker command',
        state: 'fail',
        value: 'missing',
        why: 'images are built with it',
        fix: 'apt-get install docker.io',
        code: 'HOST001',
      }
    : { id: 'docker-client', area: 'docker', title: 'docker command', state: 'ok', value: client },
];

const noEngine = (problem: string, survey: Survey): Finding => ({
  ...{ id: 'docker', area: 'docker', title: 'Docker engine', state: 'fail', value: problem, why: 'labs are containers', code: 'HOST001' },
  fix: fixFor(survey),
});

const fixFor = ({ family, root, dockerSocket }: Survey): string => {
  if (dockerSocket === 'denied') return 'sudo usermod -aG docker "$USER", then log in again; or call edgelab as root';
  if (!family.includes('debian')) return 'install and start Docker Engine: https://docs.docker.com/engine/install/';
  return root
    ? 'edgelab up installs and starts it; or: apt-get install docker.io'
    : 'sudo apt-get install docker.io && sudo usermod -aG docker "$USER", then log in again';
};

const findVersion = ({ name, apiVersion, rootDir }: EngineFacts): Finding => {
  const base = { id: 'docker', area: 'docker', title: 'Docker engine', code: 'HOST001' } as const;
  const value = `${name}, data in ${rootDir}`;
  return compareVersions(apiVersion, oldestApi) >= 0
    ? { ...base, state: 'ok', value }
    : {
        ...base,
        state: 'warn',
        value,
        why: `older than what edgelab is tested with (API ${oldestApi}, Docker 20.10)`,
        fix: 'update Docker',
      };
};

const findCgroups = ({ cgroupVersion }: EngineFacts, { cgroups }: Survey): Finding => ({
  ...{ id: 'cgroups', area: 'docker', title: 'cgroups', state: 'ok' },
  value: cgroupVersion === 1 && cgroups.v2 ? 'version 1 (hybrid)' : `version ${cgroupVersion}`,
});

const findSysResource = ({ sysResource }: EngineFacts): Finding => {
  const base = { id: 'sys-resource', area: 'docker', title: 'CAP_SYS_RESOURCE' } as const;
  if (sysResource === null) return { ...base, state: 'ok', value: 'unknown' };
  if (sysResource) return { ...base, state: 'ok', value: 'the engine has it' };
  return {
    ...base,
    state: 'absent',
    value: 'the engine lacks it',
    why: 'containers cannot raise their limits; edgelab runs without --privileged and without it',
  };
};

const findStorage = ({ storageDriver }: EngineFacts): Finding => {
  const base = { id: 'storage-driver', area: 'docker', title: 'storage driver' } as const;
  if (storageDriver !== 'vfs') return { ...base, state: 'ok', value: storageDriver };
  return {
    ...base,
    state: 'warn',
    value: 'vfs',
    why: 'every container copies its whole image: slow, and it fills the disk',
    fix: 'put /var/lib/docker on ext4 or xfs, so that overlay2 can be used',
  };
};

/** Negative, zero or positive, as `Array.sort` wants it. */
const compareVersions = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });
