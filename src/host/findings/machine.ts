/** Findings about the machine itself: system, processors, memory, disk, limits. */
import type { Finding } from '../finding.ts';
import type { Survey } from '../survey.ts';

/** What a lab takes; without a lab in mind, a small one. */
export type Need = {
  /** Bytes of memory. */
  memory: number;
  /** inotify instances. */
  inotify: number;
  /** For people: `two-lans`. */
  what: string;
};

/** Below this the images and one lab hardly fit. */
const wantedDisk = 15 * 2 ** 30;
/** Enough for several labs; the kernel's default of 128 is for all containers of a machine together. */
const wantedInotifyInstances = 512;
/** EdgeMesh asks for this many open files. */
const wantedOpenFiles = 64_000;

/** In the order in which `doctor` prints them. */
export const findMachine = (survey: Survey, need: Need): Finding[] => [
  { id: 'system', area: 'machine', title: 'system', state: 'ok', value: `${survey.system}, kernel ${survey.kernel}` },
  findCpus(survey),
  findMemory(survey, need),
  findDisk(survey),
  findInotify(survey, need),
  findOpenFiles(survey),
];

const findCpus = ({ cpus }: Survey): Finding => ({
  ...{ id: 'cpus', area: 'machine', title: 'processors', value: `${cpus}` },
  ...(cpus >= 2
    ? { state: 'ok' }
    : { state: 'warn', why: 'a lab with Kubernetes comes up slowly on one', fix: 'give the machine a second processor' }),
});

/** HOST002 where less is free than needed; not to know is a warning. */
export const findMemory = ({ memoryFree, memoryTotal }: Pick<Survey, 'memoryFree' | 'memoryTotal'>, need: Need): Finding => {
  const base = { id: 'memory', area: 'machine', title: 'memory', code: 'HOST002' } as const;
  if (memoryFree === undefined) return { ...base, state: 'warn', value: 'unknown', why: `${need.what} takes about ${gib(need.memory)}` };
  const value = `${gib(memoryFree)} free${memoryTotal === undefined ? '' : ` of ${gib(memoryTotal)}`}`;
  if (memoryFree >= need.memory) return { ...base, state: 'ok', value };
  return {
    ...{ ...base, state: 'fail', value, why: `${need.what} takes about ${gib(need.memory)}` },
    fix: 'take other labs down (edgelab down --all), end other programs, or give the machine more memory',
  };
};

const findDisk = ({ diskFree }: Survey): Finding => {
  const base = { id: 'disk', area: 'machine', title: "disk for Docker's data" } as const;
  if (diskFree === undefined) return { ...base, state: 'warn', value: 'unknown' };
  if (diskFree >= wantedDisk) return { ...base, state: 'ok', value: `${gib(diskFree)} free` };
  return {
    ...base,
    state: 'warn',
    value: `${gib(diskFree)} free`,
    why: `images and their build caches take up to ${gib(wantedDisk)}`,
    fix: 'docker system prune',
  };
};

/** HOST010 where fewer are free than needed; not to know is a warning. */
export const findInotify = ({ sysctls, inotifyUsed }: Pick<Survey, 'sysctls' | 'inotifyUsed'>, need: Need): Finding => {
  const base = { id: 'inotify', area: 'machine', title: 'inotify instances', code: 'HOST010' } as const;
  const limit = Number(sysctls.get('fs/inotify/max_user_instances') ?? Number.NaN);
  if (Number.isNaN(limit)) return { ...base, state: 'warn', value: 'unknown' };
  const value = inotifyUsed === undefined ? `${limit}` : `${limit - inotifyUsed} free of ${limit}`;
  const fix = `sysctl -w fs.inotify.max_user_instances=${wantedInotifyInstances}`;
  if (limit - (inotifyUsed ?? 0) < need.inotify)
    return {
      ...base,
      state: 'fail',
      value,
      why: `${need.what} takes ${need.inotify}; without them pods fail with "too many open files"`,
      fix: `take other labs down (edgelab down --all), or ${fix}`,
    };
  if (limit >= wantedInotifyInstances) return { ...base, state: 'ok', value };
  return { ...{ ...base, state: 'warn', value }, why: 'enough for one or two labs with Kubernetes', fix };
};

const findOpenFiles = ({ openFiles }: Survey): Finding => {
  const base = { id: 'open-files', area: 'machine', title: 'open files a container may have' } as const;
  if (openFiles === undefined) return { ...base, state: 'ok', value: 'unknown' };
  if (openFiles >= wantedOpenFiles) return { ...base, state: 'ok', value: `${openFiles}` };
  return {
    ...base,
    state: 'warn',
    value: `${openFiles}`,
    why: `EdgeMesh asks for ${wantedOpenFiles}; nodes answer that request with a seccomp profile here`,
  };
};

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
