/** What flannel keeps in etcd, and what flanneld makes of it on each host. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { networkOf, readSubnetFile } from './subnet-file.ts';

export const prefix = '/coreos.com/network';

/** The host that has etcd. */
export const keeperOf = (lab: LabHandle): NodeHandle => lab.nodes('host')[0]!;

export const checkStore = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const hosts = lab.nodes('host');
  const keeper = keeperOf(lab);
  const { $ } = keeper;
  const { text: config } = await $`etcdctl get --print-value-only ${`${prefix}/config`}`;
  const { Network: network, Backend: backend } = JSON.parse(config) as { Network: string; Backend: { Type: string } };
  expect.equal(backend.Type, 'vxlan', `${prefix}/config in etcd`, {
    from: keeper.name,
    claims: ['S003-INS-2'],
    how: 'written by etcdctl put, the v3 API',
    evidence: [{ at: `${keeper.name} etcd`, saw: 'the configuration of flannel', raw: config }],
  });
  const old = await $({ nothrow: true })`ETCDCTL_API=2 etcdctl set /coreos.com/old 1 2>&1`;
  expect.that(old.exitCode !== 0, 'etcdctl set, which the seed prescribes', {
    from: keeper.name,
    claims: ['S003-INS-2'],
    expected: 'refused',
    observed: old.exitCode === 0 ? 'done' : 'refused',
    how: `refutes the seed: it is the v2 API, which flannel 0.28 does not read and this etcd does not serve (${old.lines.at(-1) ?? ''})`,
  });
  const { lines: keys } = await $`etcdctl get --prefix ${`${prefix}/subnets/`}`;
  const leases = new Map(
    keys.flatMap((key, at) => (at % 2 === 0 ? [[(JSON.parse(keys[at + 1]!) as { PublicIP: string }).PublicIP, key]] : [])),
  );
  for (const node of hosts) {
    const { subnet, ...file } = await readSubnetFile(node);
    const key = `${prefix}/subnets/${networkOf(subnet)}-24`;
    expect.equal(leases.get(node.address), key, `subnet of ${node.address} in etcd`, {
      from: keeper.name,
      claims: ['S003-FL-2'],
      how: 'one key per host, with its address as PublicIP',
    });
    const { text: address } = await node.$`ip -o -4 addr show dev flannel.1`;
    expect.that(address.includes(` ${networkOf(subnet)}/`) && file.network === network, 'interface flannel.1 and /run/flannel/subnet.env', {
      from: node.name,
      claims: ['S003-INS-5'],
      observed: `${/inet (\S+)/.exec(address)?.[1] ?? 'none'}; FLANNEL_SUBNET=${subnet} FLANNEL_MTU=${file.mtu}`,
      how: 'the first address of the subnet is of flannel.1, the next of the bridge',
    });
    const { text: unit } = await node.$`systemctl show flanneld --property=Type,ActiveState,Before,ExecStart`;
    expect.that(
      /Type=notify/.test(unit) && /ActiveState=active/.test(unit) && /Before=.*docker\.service/.test(unit) && unit.includes('--ip-masq'),
      'flanneld as a systemd unit that says when it is ready, before Docker',
      { from: node.name, claims: ['S003-INS-3'], how: /argv\[\]=([^;]*)/.exec(unit)?.[1] ?? unit },
    );
  }
  expect.equal(new Set(leases.values()).size, hosts.length, 'subnets in etcd', {
    from: keeper.name,
    claims: ['S003-FL-2'],
    how: [...leases].map(([address, key]) => `${address}: ${key.replace(/.*\//, '')}`).join(', '),
  });
  await checkKubeletFlags(keeper, expect);
};

const checkKubeletFlags = async ({ name: from, $ }: NodeHandle, expect: Expect): Promise<void> => {
  const { stdout, stderr } = await $({
    nothrow: true,
  })`timeout 20 kubelet --network-plugin=cni --cni-bin-dir=/opt/cni/bin --cni-conf-dir=/etc/cni/net.d`;
  const said = /unknown flag: --network-plugin/.exec(`${stdout}${stderr}`)?.[0] ?? 'taken';
  expect.equal(said, 'unknown flag: --network-plugin', "kubelet's flags for CNI, which the seed prescribes", {
    from,
    claims: ['S003-INS-8'],
    how: 'refutes the seed: gone since Kubernetes 1.24',
  });
  const { text } = await $`containerd config dump | grep -E ${'^ +(bin|conf)_dir'}`;
  expect.that(text.includes('/opt/cni/bin') && text.includes('/etc/cni/net.d'), 'both folders are settings of containerd', {
    from,
    claims: ['S003-INS-8'],
    how: text.replaceAll(/\s+/g, ' '),
  });
};
