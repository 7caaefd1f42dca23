/** Nothing of the outside can be reached: no names, no addresses; what was installed was there before. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';

/** Where an install with internet would ask: for images, releases, packages and the latest version. */
const names = ['registry.k8s.io', 'docker.io', 'github.com', 'kubeedge.io', 'deb.debian.org'];
/** TEST-NET-3 (RFC 5737): an address of the outside that is nobody's. */
const outside = '203.0.113.1';

export const checkIsolation = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    lab.nodes().map(async ({ name: from, $ }) => {
      const { lines: found } = await $({ nothrow: true })`getent hosts ${names}`;
      expect.equal(found.length, 0, `names of the outside that ${from} knows`, {
        from,
        claims: ['S002-4', 'S002-9'],
        how: `asked for ${names.join(', ')}`,
      });
      const { text } = await $({ nothrow: true })`ping -n -c 1 -W 2 ${outside}`;
      expect.that(/0 received/.test(text), `${outside}, an address of the outside`, {
        from,
        claims: ['S002-4'],
        expected: 'out of reach',
        observed: /Unreachable|0 received/i.exec(text)?.[0] ?? 'reached',
        how: /From (.*)$/m.exec(text)?.[1] ?? 'no answer',
      });
    }),
  );
};

/** Names of each other come from /etc/hosts, and each node is called as its host is. */
export const checkNames = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const nodes = lab.nodes();
  const { lines } =
    await lab.kubectl`get nodes --no-headers -o ${'custom-columns=N:.metadata.name,H:.metadata.labels.kubernetes\\.io/hostname'}`;
  for (const { name: from, $ } of nodes) {
    const { stdout } = await $`cat /etc/hosts`;
    const missing = nodes.filter(
      ({ name, address }) => !new RegExp(`^${address.replaceAll('.', '[.]')}\\s(.*\\s)?${name}(\\s|$)`, 'm').test(stdout),
    );
    expect.that(missing.length === 0, 'all nodes in /etc/hosts', {
      from,
      claims: ['S002-3'],
      how: missing.map(({ name }) => name).join(', ') || 'each with its address',
    });
    const { text: host } = await $`hostname`;
    expect.that(
      lines.some((line) => line.split(/\s+/).join() === `${host},${host}`),
      'node name is the host name',
      {
        from,
        refutes: ['S002-24'],
        how: 'one spelling everywhere; the seed has other lines on each node',
      },
    );
  }
};

export const checkPackages = async (node: NodeHandle, expect: Expect): Promise<void> => {
  const { text } = await node.$({ nothrow: true })`apt-cache policy mosquitto | grep -A1 -F ${'***'}; systemctl is-active mosquitto`;
  expect.that(
    text.includes('file:/etc/kubeedge/packages') && /^active$/m.test(text),
    'mosquitto, installed by keadm from a file repository',
    {
      from: node.name,
      claims: ['S002-4', 'S002-17'],
      how: text.replaceAll(/\s+/g, ' '),
    },
  );
};

/** Tarball and checksum are what the master has, and keadm unpacked that tarball. */
export const checkRelease = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const sums = await Promise.all(
    lab.nodes().map(async ({ name, $ }) => {
      const { lines } =
        await $`cd /etc/kubeedge && sha512sum kubeedge-v*.tar.gz | cut -c1-128; cat checksum_*.txt; ls -d kubeedge-v*/ crds *.service`;
      const [sum = '', expected = '', ...there] = lines;
      return { name, sum, expected, there };
    }),
  );
  const [first] = sums;
  for (const { name: from, sum, expected, there } of sums) {
    expect.that(sum === expected && sum === first?.sum && there.length === 4, "the master's tarball with its checksum, unpacked by keadm", {
      from,
      claims: ['S002-9', 'S002-18', ...(from === lab.nodes('control-plane')[0]?.name ? ['S002-10'] : ['S002-19'])],
      how: `sha512 ${sum.slice(0, 12)}…, ${there.join(', ')}`,
    });
  }
};
