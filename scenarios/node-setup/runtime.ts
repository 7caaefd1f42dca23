/** One cgroup driver per node: containerd's and kubelet's, or edgecore's. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { edges, members } from './cast.ts';

const kubeletConfig = '/var/lib/kubelet/config.yaml';
const edgecoreConfig = '/etc/kubeedge/config/edgecore.yaml';
const containerdConfig = '/etc/containerd/config.toml';
const configOf = ({ role }: NodeHandle): string => (role === 'edge' ? edgecoreConfig : kubeletConfig);

export const checkDrivers = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    members(lab).map(async (node) => {
      const { text: runtime } = await node.$`grep -E ${'^ *SystemdCgroup'} ${containerdConfig}`;
      const { text: agent } = await node.$`grep -E ${'^ *cgroupDriver:'} ${configOf(node)}`;
      const drivers = [/true/.test(runtime) ? 'systemd' : 'cgroupfs', agent.replace(/.*:\s*/, '')];
      expect.that(drivers[0] === drivers[1], `cgroup drivers of containerd and ${node.role === 'edge' ? 'edgecore' : 'kubelet'}`, {
        from: node.name,
        claims: ['S000-ENV-6'],
        expected: 'equal',
        observed: drivers.join(' and '),
        how: 'what counts is that they agree on the node; the seed names three answers for one lab (refuted)',
      });
    }),
  );
};

export const checkRuntimes = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    members(lab).map(async (node) => {
      const { text } = await node.$`grep -E ${'^ *sandbox_image'} ${containerdConfig}`;
      const pause = /"([^"]+)"/.exec(text)?.[1] ?? '';
      // containerd writes the registry that is meant where none is named
      const images = (await node.$`ctr -n k8s.io images list -q`).lines.map((image) => image.replace(/^docker\.io\//, ''));
      const plugins = (await node.$`ls /opt/cni/bin`).lines;
      const missing = ['bridge', 'host-local', 'loopback', 'portmap'].filter((plugin) => !plugins.includes(plugin));
      expect.that(images.includes(pause) && missing.length === 0, 'sandbox image and CNI plugins', {
        from: node.name,
        claims: ['S000-INS-8'],
        expected: 'both there',
        observed: `${images.includes(pause) ? pause : `no ${pause}`}, ${missing.length === 0 ? 'plugins' : `no ${missing.join(', ')}`}`,
        how: `containerd's sandbox_image is in its own store; /opt/cni/bin: ${plugins.join(', ')}`,
      });
    }),
  );
};

const driver = (value: string): string => `s/^( *cgroupDriver: ).*/\\1${value}/`;

/** An edge whose edgecore says systemd while containerd says cgroupfs, as the seed has it the other way round. */
export const checkWrongDriver = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [edge] = edges(lab);
  const [workload] = lab.workloads;
  if (!edge || !workload) return;
  await edge.$`sed -i -E ${driver('systemd')} ${edgecoreConfig} && systemctl restart edgecore`;
  const before = await lab.findPod(lab.pod(workload.name, { on: edge.name }));
  await lab.kubectl`delete pod ${before.name} --wait=false`;
  await expect.eventually('a pod under the wrong driver', '60s', async () => {
    const { text } = await edge.$({
      nothrow: true,
    })`journalctl -u edgecore -n 400 --no-pager -o cat | grep -i -e cgroup -e slice | grep -e ^E -e ^F -e rror | tail -1`;
    const pod = (await lab.cluster()).pods.find(({ node, labels }) => node === edge.name && labels['app'] === workload.name);
    const runs = pod !== undefined && pod.name !== before.name && pod.ready;
    return {
      holds: !runs && text !== '',
      ...{ from: edge.name, to: 'a new pod', claims: ['S000-ENV-6'] },
      expected: 'does not run',
      observed: runs ? 'runs' : 'does not run',
      how: text.slice(0, 300) || 'no word of it in the journal yet',
    };
  });
  await restoreDriver(lab);
  await expect.reach(edge, lab.pod(workload.name, { on: edge.name }), { within: '90s', claims: ['S000-ENV-6'] });
};

export const restoreDriver = async (lab: LabHandle): Promise<void> => {
  for (const edge of edges(lab))
    await edge.$({
      nothrow: true,
    })`grep -q ${'^ *cgroupDriver: systemd'} ${edgecoreConfig} && sed -i -E ${driver('cgroupfs')} ${edgecoreConfig} && systemctl restart edgecore`;
};
