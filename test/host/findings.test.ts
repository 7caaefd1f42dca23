import test from 'ava';
import type { EngineFacts } from '../../src/engine/engine.ts';
import type { Finding } from '../../src/host/finding.ts';
import { findDocker } from '../../src/host/findings/docker.ts';
import { findKernel, triableFeatures } from '../../src/host/findings/kernel.ts';
import { findMachine } from '../../src/host/findings/machine.ts';
import { findBridgeFilter, findNetwork, findTranslating } from '../../src/host/findings/network.ts';
import { readSurvey } from '../../src/host/survey.ts';
import { debianWithoutModules, smallContainer, ubuntuLaptop } from './machines.ts';

const need = { memory: 1700 * 2 ** 20, inotify: 64, what: 'lab two-lans' };
const engine: EngineFacts = {
  ...{ name: 'Docker 20.10.24', version: '20.10.24', apiVersion: '1.41', os: 'Debian', kernel: '6.18.44', cpus: 2, memoryBytes: 25e9 },
  ...{ cgroupVersion: 1, storageDriver: 'overlay2', rootDir: '/var/lib/docker', sysResource: false, masqueraded: [] },
};

const finds = test.macro({
  exec(t, findings: Finding[], id: string, expected: Partial<Finding>) {
    const found = findings.find((finding) => finding.id === id);
    t.like(found, expected);
    if (found?.state === 'fail') t.truthy(found.fix, 'what fails has a fix');
  },
  title: (given = '') => given,
});

const debian = readSurvey(debianWithoutModules);
const ubuntu = readSurvey(ubuntuLaptop);
const small = readSurvey(smallContainer);

test('two processors are enough', finds, findMachine(debian, need), 'cpus', { state: 'ok', value: '2' });
test('one processor is a warning', finds, findMachine(small, need), 'cpus', { state: 'warn' });
test('memory that is enough is said', finds, findMachine(debian, need), 'memory', { state: 'ok', value: '22.8 GiB free of 23.5 GiB' });
test('too little memory fails with both figures', finds, findMachine(small, need), 'memory', {
  ...{ state: 'fail', code: 'HOST002', value: '0.8 GiB free of 1.0 GiB', why: 'lab two-lans takes about 1.7 GiB' },
});
test('memory that nobody knows does not stop a lab', finds, findMachine(readSurvey(''), need), 'memory', {
  state: 'warn',
  value: 'unknown',
});
test('a full disk is a warning', finds, findMachine(ubuntu, need), 'disk', { state: 'warn', value: '3.8 GiB free' });
test('few inotify instances are a warning with the sysctl', finds, findMachine(debian, need), 'inotify', {
  ...{ state: 'warn', value: '128', fix: 'sysctl -w fs.inotify.max_user_instances=512' },
});
test('inotify instances that other labs have taken are counted', finds, findMachine({ ...debian, inotifyUsed: 70 }, need), 'inotify', {
  ...{
    state: 'fail',
    code: 'HOST010',
    value: '58 free of 128',
    fix: 'take other labs down (edgelab down --all), or sysctl -w fs.inotify.max_user_instances=512',
  },
});
test('many inotify instances are fine', finds, findMachine(ubuntu, need), 'inotify', { state: 'ok' });
test('a low limit of open files is a warning', finds, findMachine(debian, need), 'open-files', { state: 'warn', value: '20000' });
test('the hard limit of open files counts, not the soft one', finds, findMachine(small, need), 'open-files', {
  state: 'ok',
  value: '1048576',
});

test('an engine that answers is named', finds, findDocker({ engine, client: '28.2.2' }, debian), 'docker', {
  ...{ state: 'ok', value: 'Docker 20.10.24, data in /var/lib/docker' },
});
test(
  'no engine fails, and root on Debian is told that up installs it',
  finds,
  findDocker({ engine: { problem: 'none' } }, debian),
  'docker',
  {
    ...{ state: 'fail', code: 'HOST001', fix: 'edgelab up installs and starts it; or: apt-get install docker.io' },
  },
);
test('no engine fails, and others are told where to get one', finds, findDocker({ engine: { problem: 'none' } }, small), 'docker', {
  ...{ state: 'fail', fix: 'install and start Docker Engine: https://docs.docker.com/engine/install/' },
});
test(
  'an engine that this user may not use is not to be installed again',
  finds,
  findDocker({ engine: { problem: 'none' } }, { ...ubuntu, dockerSocket: 'denied' }),
  'docker',
  {
    ...{ state: 'fail', fix: 'sudo usermod -aG docker "$USER", then log in again; or call edgelab as root' },
  },
);
test('an engine too old to be tested is a warning', finds, findDocker({ engine: { ...engine, apiVersion: '1.39' } }, debian), 'docker', {
  state: 'warn',
});
test(
  'an engine newer by a digit is not taken for older',
  finds,
  findDocker({ engine: { ...engine, apiVersion: '1.100' } }, debian),
  'docker',
  { state: 'ok' },
);
test('a missing docker command fails', finds, findDocker({ engine }, debian), 'docker-client', { state: 'fail' });
test('hybrid cgroups are named', finds, findDocker({ engine }, debian), 'cgroups', { state: 'ok', value: 'version 1 (hybrid)' });
test('cgroup 2 is named', finds, findDocker({ engine: { ...engine, cgroupVersion: 2 } }, ubuntu), 'cgroups', { value: 'version 2' });
test('an engine without CAP_SYS_RESOURCE is a named lack', finds, findDocker({ engine }, debian), 'sys-resource', { state: 'absent' });
test('the vfs driver is a warning', finds, findDocker({ engine: { ...engine, storageDriver: 'vfs' } }, debian), 'storage-driver', {
  state: 'warn',
});

const none = new Map<string, boolean>();
test('a feature built in is there', finds, findKernel(debian, none), 'kernel-vxlan', { state: 'ok', value: 'in the kernel' });
test('a feature as a module is there without being loaded', finds, findKernel(ubuntu, none), 'kernel-netem', {
  state: 'ok',
  value: 'a module, loaded when first used',
});
test('loaded modules are there', finds, findKernel(ubuntu, none), 'kernel-nf-tables', { state: 'ok', value: 'in the kernel' });
test('an absent capability names what is done instead', finds, findKernel(debian, none), 'kernel-netem', {
  ...{ state: 'absent', why: 'delay and loss of links: delay is made in user space' },
});
test(
  'a configured module without its file is not believed',
  finds,
  findKernel({ ...ubuntu, available: new Set(), loaded: new Set() }, none),
  'kernel-vxlan',
  {
    state: 'warn',
  },
);
test('what was tried counts more than what was not known', finds, findKernel(small, new Map([['vxlan', false]])), 'kernel-vxlan', {
  ...{ state: 'fail', code: 'HOST004' },
});
test(
  'a required feature that the kernel names but that failed is a warning',
  finds,
  findKernel(debian, new Map([['vxlan', false]])),
  'kernel-vxlan',
  {
    ...{ state: 'warn', value: 'in the kernel, but it failed when tried' },
  },
);
test('a machine without IPv6 lacks something, and is fit for labs without it', finds, findKernel(debian, none), 'kernel-ipv6', {
  ...{ state: 'absent', code: 'HOST012', why: 'LANs with a subnet6: labs have IPv4 only' },
});
test('a capability that failed when tried is absent', finds, findKernel(debian, new Map([['tbf', false]])), 'kernel-tbf', {
  state: 'absent',
});
test('a kernel that hides its configuration is tried', finds, findKernel(small, new Map([['nf-tables', true]])), 'kernel-nf-tables', {
  state: 'ok',
  value: 'works',
});
test(
  'a kernel without nf_tables fails',
  finds,
  findKernel({ ...debian, config: new Map([['CONFIG_NET', 'y']]) }, none),
  'kernel-nf-tables',
  {
    ...{ state: 'fail', code: 'HOST003' },
  },
);
test(
  'a kernel without overlayfs fails',
  finds,
  findKernel({ ...debian, filesystems: new Set(), config: new Map([['CONFIG_NET', 'y']]) }, none),
  'kernel-overlay',
  {
    ...{ state: 'fail', code: 'HOST005' },
  },
);
test(
  'Ubuntu is told the package of extra modules',
  finds,
  findKernel({ ...ubuntu, config: new Map([['CONFIG_NET', 'y']]) }, none),
  'kernel-vxlan',
  {
    ...{ state: 'fail', fix: 'apt-get install "linux-modules-extra-$(uname -r)", then modprobe vxlan' },
  },
);
test('what cannot be found out is a warning, not a failure', finds, findKernel(small, none), 'kernel-vxlan', {
  state: 'warn',
  value: 'could not be found out',
});

test('modules that are not loaded are never tried: that would load them', (t) => {
  t.false(triableFeatures(ubuntu).has('netem'));
  t.true(triableFeatures(ubuntu).has('nf-tables'));
  t.true(triableFeatures(debian).has('vxlan'));
  t.true(triableFeatures(small).has('vxlan'));
});

test('bridged frames that pass iptables are said', finds, findNetwork(debian), 'bridge-nf-call-iptables', { state: 'ok', value: 'yes' });
test('a host without br_netfilter is warned of', finds, findNetwork(ubuntu), 'bridge-nf-call-iptables', {
  state: 'warn',
  value: 'br_netfilter is not loaded',
});
test('and refused where nodes have pods', (t) => {
  t.like(findBridgeFilter(ubuntu, true), { state: 'fail', code: 'HOST015' });
  t.is(findBridgeFilter(debian, true).state, 'ok');
  t.is(findBridgeFilter(ubuntu, false).state, 'warn');
});
test('bridged frames that pass no iptables are said', (t) => {
  const off = { ...debian, sysctls: new Map([['net/bridge/bridge-nf-call-iptables', '0']]) };
  t.like(findBridgeFilter(off, true), { state: 'ok', value: 'no' });
});
test('of a machine that tells nothing nothing is said', (t) => {
  t.is(findBridgeFilter({ ...debian, sysctls: new Map() }, true).state, 'ok');
});
test("Docker's FORWARD policy is explained", finds, findNetwork(debian), 'forward-policy', { state: 'ok', value: 'DROP' });
test('a FORWARD policy that only root may read is unknown', finds, findNetwork(ubuntu), 'forward-policy', {
  value: 'unknown (only root may read it)',
});
test('ufw is a warning', finds, findNetwork(ubuntu), 'firewall-ufw', { state: 'warn' });
test('firewalld is a warning', finds, findNetwork(small), 'firewall-firewalld', { state: 'warn' });
test('a small conntrack table is a warning with the sysctl', finds, findNetwork(small), 'conntrack-max', {
  ...{ state: 'warn', fix: 'sysctl -w net.netfilter.nf_conntrack_max=131072' },
});
test('a large conntrack table is fine', finds, findNetwork(debian), 'conntrack-max', { state: 'ok' });
test('forwarding is said', finds, findNetwork(ubuntu), 'ip-forward', { value: 'off' });

const lan = (address: string) => ({
  containers: [
    {
      ...{ name: 'edge-1', role: 'edge', image: 'node', hostname: 'edge-1', privilege: 'node' as const, store: true },
      interfaces: [{ network: 'lan', name: 'eth0', addresses: [`${address}/24`, '2001:db8::2/64'] }],
    },
  ],
});
const others = { ...engine, masqueraded: [{ network: 'shop_default', subnet: '192.168.0.0/20' }] };

test('a Docker network that would rewrite frames of the lab is named with what to do', (t) => {
  const survey = { ...debian, sysctls: new Map([['net/bridge/bridge-nf-call-iptables', '1']]) };
  const [found, ...more] = findTranslating(survey, lan('192.168.1.11'), others);
  t.deepEqual(more, []);
  t.like(found, {
    state: 'fail',
    code: 'HOST013',
    title: 'Docker network shop_default',
    value: 'its 192.168.0.0/20 holds 192.168.1.11 of edge-1',
  });
  t.deepEqual(findTranslating(survey, lan('192.168.77.11'), others), [], 'another subnet');
  t.deepEqual(findTranslating({ ...survey, sysctls: new Map() }, lan('192.168.1.11'), others), [], 'bridged frames do not pass iptables');
});
