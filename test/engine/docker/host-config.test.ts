import test from 'ava';
import { makeHostConfig } from '../../../src/engine/docker/host-config.ts';

const request = { owner: { lab: 'lab', planHash: 'hash', topology: '/t.yaml' }, name: 'node', storeVolume: undefined };

test('nothing is privileged, and no container comes back by itself', (t) => {
  for (const privilege of ['router', 'node'] as const) {
    const config = makeHostConfig({ ...request, privilege, sysResource: true });
    t.not(config.Privileged, true);
    t.is(config.RestartPolicy?.Name, 'no');
  }
});

test('where the daemon lacks CAP_SYS_RESOURCE it is not asked for, and setting limits is answered with success', (t) => {
  const config = makeHostConfig({ ...request, privilege: 'node', sysResource: false });
  const securityOptions = config.SecurityOpt as string[];
  t.deepEqual(config.CapDrop, ['SYS_RESOURCE']);
  const profile: unknown = JSON.parse(securityOptions.find((option) => option.startsWith('seccomp='))?.slice('seccomp='.length) ?? '');
  t.like(profile, {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [
      { names: ['setrlimit'], errnoRet: 0 },
      { names: ['prlimit64'], errnoRet: 0 },
    ],
  });
});

test('where the daemon has CAP_SYS_RESOURCE limits are real', (t) => {
  const config = makeHostConfig({ ...request, privilege: 'node', sysResource: true });
  const securityOptions = config.SecurityOpt as string[];
  t.deepEqual(config.CapDrop, []);
  t.true(securityOptions.includes('seccomp=unconfined'));
});

test('the store is mounted read-only, and the volume of a node carries the labels of its lab', (t) => {
  const { Mounts = [] } = makeHostConfig({ ...request, privilege: 'node', sysResource: false, storeVolume: 'store' });
  t.like(Mounts[0], {
    Target: '/var',
    VolumeOptions: { Labels: { 'edgelab.lab': 'lab', 'edgelab.kind': 'volume', 'edgelab.name': 'node' } },
  });
  t.like(Mounts[1], { Target: '/var/lib/edgelab/store', Source: 'store', ReadOnly: true });
});

test('a router may write its own network settings and no kernel-wide ones', (t) => {
  const config = makeHostConfig({ ...request, privilege: 'router', sysResource: true });
  t.deepEqual(config.CapDrop, ['ALL']);
  t.false((config.CapAdd as string[]).includes('SYS_ADMIN'));
  const readonlyPaths = config.ReadonlyPaths ?? [];
  t.true(readonlyPaths.includes('/proc/sys/kernel'));
  t.false(readonlyPaths.some((path) => path.startsWith('/proc/sys/net') || path === '/proc/sys'));
});
