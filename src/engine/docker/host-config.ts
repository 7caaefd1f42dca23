/** What a container may do and what is mounted in it, by privilege; never `--privileged`. */
import type Docker from 'dockerode';
import type { Privilege } from '../../model/plan.ts';
import { writeLabels } from './labels.ts';
import type { Ownership } from '../engine.ts';

type VolumeOptions = NonNullable<Docker.MountSettings['VolumeOptions']>;

/** The types leave out a field of API 1.41. */
type HostConfig = Docker.HostConfig & { CgroupnsMode?: 'private' | 'host' };

type HostConfigRequest = {
  owner: Ownership;
  name: string;
  privilege: Privilege;
  /** Whether the daemon has CAP_SYS_RESOURCE to give. */
  sysResource: boolean;
  storeVolume: string | undefined;
};

/** All of it but the network. Docker never restarts the container by itself. */
export function makeHostConfig(request: HostConfigRequest): HostConfig {
  const own = request.privilege === 'node' ? nodeConfig(request) : routerConfig();
  return {
    Init: false,
    RestartPolicy: { Name: 'no' },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
    ...own,
  };
}

/** Runs systemd and containers of its own: every capability there is, the whole of /proc and /sys, all devices. */
function nodeConfig({ owner, name, sysResource, storeVolume }: HostConfigRequest): HostConfig {
  return {
    CapAdd: ['ALL'],
    CapDrop: sysResource ? [] : ['SYS_RESOURCE'],
    SecurityOpt: ['apparmor=unconfined', `seccomp=${sysResource ? 'unconfined' : JSON.stringify(limitsAnsweredProfile)}`],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ['a *:* rwm'],
    CgroupnsMode: 'private',
    Tmpfs: { '/run': 'rw,exec,mode=755', '/tmp': 'rw,exec,mode=1777' },
    Mounts: [
      // Overlay file systems of the nested containers cannot lie on the container's own overlay. It begins empty:
      // systemd makes what belongs there, and to copy the image's /var takes Docker 0.9 s for each node.
      {
        Type: 'volume',
        Target: '/var',
        Source: '',
        VolumeOptions: volumeOptions({ NoCopy: true, Labels: writeLabels(owner, 'volume', name) }),
      },
      ...(storeVolume === undefined
        ? []
        : [{ Type: 'volume' as const, Target: '/var/lib/edgelab/store', Source: storeVolume, ReadOnly: true }]),
    ],
  };
}

/** Docker leaves what is not given at its default; the types ask for all of it. */
function volumeOptions(some: Partial<VolumeOptions>): VolumeOptions {
  return some as VolumeOptions;
}

/**
 * Lets everything through, but where no limit can be raised it tells a program that its limit was set instead of
 * EPERM: some (EdgeMesh) ask for 64,000 files and end themselves when refused. Reading a limit is untouched
 * (prlimit64 with a null new limit).
 */
const limitsAnsweredProfile = {
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    { names: ['setrlimit'], action: 'SCMP_ACT_ERRNO', errnoRet: 0 },
    { names: ['prlimit64'], action: 'SCMP_ACT_ERRNO', errnoRet: 0, args: [{ index: 2, value: 0, op: 'SCMP_CMP_NE' }] },
  ],
};

/**
 * Routes, filters, captures, and runs dnsmasq as another user; of /proc/sys only `net`, which is its own namespace's.
 * For links in user space: makes /dev/net/tun, the one device it may open beside Docker's, and asks for a place in time.
 */
function routerConfig(): HostConfig {
  return {
    CapDrop: ['ALL'],
    CapAdd: [
      'NET_ADMIN',
      'NET_RAW',
      'NET_BIND_SERVICE',
      'SETUID',
      'SETGID',
      'SETPCAP',
      'CHOWN',
      'FOWNER',
      'DAC_OVERRIDE',
      'KILL',
      'MKNOD',
      'SYS_NICE',
    ],
    DeviceCgroupRules: ['c 10:200 rwm'],
    // What says which process is which must not outlive a restart: the numbers are given out anew.
    Tmpfs: { '/run': 'rw,exec,mode=755' },
    // Docker's AppArmor profile denies all writes to /proc/sys.
    SecurityOpt: ['apparmor=unconfined'],
    ReadonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sysrq-trigger', ...kernelWideSysctls.map((name) => `/proc/sys/${name}`)],
  };
}

/** Everything under /proc/sys but `net`; what a kernel does not have is left out by the runtime. */
const kernelWideSysctls = ['abi', 'crypto', 'debug', 'dev', 'fs', 'kernel', 'sunrpc', 'user', 'vm'];
