/** The machine before anything is installed: its address, and what the seed switches off. */
import type { Expect, LabHandle } from 'edgelab';
import { members } from './cast.ts';

export const checkNetwork = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    members(lab).map(async (node) => {
      const { lines } = await node.$`ip -4 -o address show dev eth0; ip route show default; cat /etc/resolv.conf`;
      const address = /inet ([\d.]+)\//.exec(lines[0] ?? '')?.[1];
      const gateway = /via ([\d.]+)/.exec(lines[1] ?? '')?.[1];
      const server = lines.find((line) => line.startsWith('nameserver'))?.split(' ')[1];
      expect.that(
        address === node.address && gateway !== undefined && server !== undefined && !lines[0]?.includes('dynamic'),
        'address, gateway, DNS',
        {
          from: node.name,
          claims: ['S000-ENV-2'],
          expected: `${node.address}, static`,
          observed: `${address ?? 'none'}, ${lines[0]?.includes('dynamic') ? 'by DHCP' : 'static'}`,
          how: `gateway ${gateway ?? 'none'}, DNS ${server ?? 'none'}`,
        },
      );
    }),
  );
};

/** Swap may stay on where kubelet is told so; the host's kernel decides, since nodes share it. */
export const checkGuards = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    members(lab).map(async (node) => {
      const swap = (
        await node.$`tail -n +2 /proc/swaps; grep -h -i failSwapOn /var/lib/kubelet/config.yaml /etc/kubeedge/config/edgecore.yaml 2>/dev/null || true`
      ).lines;
      const on = swap.filter((line) => line.startsWith('/')).length;
      const tolerated = swap.some((line) => /failSwapOn: false/i.test(line));
      expect.that(on === 0 || tolerated, 'swap', {
        from: node.name,
        claims: ['S000-ENV-3'],
        expected: 'off, or tolerated',
        observed: on === 0 ? 'off' : `on, ${tolerated ? '' : 'not '}tolerated`,
        how: swap.join('; ') || 'no line in /proc/swaps',
      });
      const { text } =
        await node.$`iptables -w -S INPUT | head -1; iptables -w -S INPUT | grep -v -e KUBE- -e '^-P' || true; ls /sys/fs/selinux 2>/dev/null | head -1`;
      expect.equal(text, '-P INPUT ACCEPT', 'firewall and SELinux', {
        from: node.name,
        claims: ['S000-ENV-3'],
        how: "policy ACCEPT, only kube-proxy's own chains, no SELinux",
      });
    }),
  );
};

export const checkClocks = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const before = Date.now();
  const stamps = await Promise.all(members(lab).map(async ({ $ }) => Number((await $`date +%s%3N`).text)));
  const after = Date.now();
  expect.that(
    stamps.every((stamp) => stamp >= before - 1 && stamp <= after + 1),
    'clocks',
    {
      from: 'all nodes',
      claims: ['S000-ENV-5'],
      expected: 'synchronised',
      how: 'each was read between two readings of the host: one kernel, one clock',
    },
  );
};

export const checkSysctls = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    members(lab).map(async (node) => {
      const { lines } = await node.$`cd /proc/sys/net && cat bridge/bridge-nf-call-iptables ipv4/ip_forward`;
      expect.equal(lines.join(', '), '1, 1', 'bridge-nf-call-iptables and ip_forward', {
        from: node.name,
        claims: ['S000-ENV-4'],
        how: '/proc/sys/net; bridge-nf-call-ip6tables and swappiness play no part: IPv4 only, and swappiness is of the whole host',
      });
    }),
  );
};
