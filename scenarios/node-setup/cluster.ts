/** What kubeadm init, keadm init and keadm join have set up. */
import type { Expect, LabHandle } from 'edgelab';
import { clouds, edges, members } from './cast.ts';

const edgecoreConfig = '/etc/kubeedge/config/edgecore.yaml';

export const checkVersions = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { text: server } = await lab.kubectl`version -o json | grep -A8 serverVersion | grep -o ${'"gitVersion": "[^"]*"'}`;
  const wanted = /v[\d.]+/.exec(server)?.[0] ?? '';
  for (const node of clouds(lab)) {
    const { lines } =
      await node.$`kubeadm version -o short; kubelet --version | cut -d' ' -f2; kubectl version --client | sed -n 's/^Client Version: //p'`;
    expect.equal([...new Set(lines)].join(', '), wanted, 'kubeadm, kubelet, kubectl', {
      from: node.name,
      claims: ['S000-INS-0'],
      how: 'one pinned version, that of the API server; the runtime is containerd, since Kubernetes 1.24 needs no Docker',
    });
  }
};

export const checkCluster = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [master] = lab.nodes('control-plane');
  if (!master) return;
  const { text: taints } = await lab.kubectl`get node ${master.name} -o ${'jsonpath={.spec.taints}'}`;
  const { lines } =
    await lab.kubectl`get pods -A --field-selector ${`spec.nodeName=${master.name}`} --no-headers -o ${'custom-columns=N:.metadata.name'}`;
  const agents = lines.filter((line) => /^(cloudcore|cloud-iptables-manager|edgemesh-agent)/.test(line));
  expect.that(taints === '' && agents.length > 0, 'taint of the master', {
    from: master.name,
    claims: ['S000-INS-3'],
    expected: 'none, and pods of KubeEdge are there',
    observed: `${taints || 'none'}, ${agents.length > 0 ? 'and pods of KubeEdge are there' : 'no pod of KubeEdge'}`,
    how: agents.join(', '),
  });
  const { stdout } = await lab.kubectl`-n kubeedge get configmap cloudcore -o ${'jsonpath={.data.cloudcore\\.yaml}'}`;
  const mode = /iptablesManager:\s*\n(?:\s+\w+: .*\n)*?\s+mode: (\w+)/.exec(stdout)?.[1];
  const dynamic = /dynamicController:\s*\n\s*enable: (\w+)/.exec(stdout)?.[1];
  const advertised = /advertiseAddress:\s*\n\s*- ([\d.]+)/.exec(stdout)?.[1];
  expect.equal([mode, dynamic, advertised].join(', '), `external, true, ${master.address}`, 'ConfigMap cloudcore', {
    from: 'kubectl',
    claims: ['S000-INS-5'],
    how: 'iptablesManager.mode, dynamicController.enable, first advertiseAddress: as keadm init was told',
  });
};

export const checkEdges = async (lab: LabHandle, expect: Expect): Promise<void> => {
  await Promise.all(
    edges(lab).map(async (edge) => {
      const { text: active } = await edge.$({ nothrow: true })`systemctl is-active edgecore`;
      expect.equal(active, 'active', 'edgecore.service', {
        from: edge.name,
        claims: ['S000-INS-6'],
        how: 'after keadm join with the token of keadm gettoken',
      });
      const { text } = await edge.$`cat ${edgecoreConfig}`;
      const endpoint = /containerRuntimeEndpoint: (\S+)/.exec(text)?.[1];
      const driver = /cgroupDriver: (\S+)/.exec(text)?.[1];
      const metaServer = /metaServer:(?:\n.*){0,12}?\n\s+enable: (\w+)/.exec(text)?.[1];
      expect.equal([endpoint, driver, metaServer].join(', '), 'unix:///run/containerd/containerd.sock, cgroupfs, true', 'edgecore.yaml', {
        from: edge.name,
        claims: ['S000-INS-7'],
        how: 'runtime, cgroup driver, metaServer; the runtime is always a remote one, reached by CRI',
      });
    }),
  );
  const { lines } = await lab.kubectl`get nodes --no-headers`;
  const ready = lines.filter((line) => line.split(/\s+/)[1] === 'Ready').length;
  expect.equal(ready, members(lab).length, 'nodes that are Ready', {
    from: 'kubectl',
    claims: ['S000-INS-6', 'S000-INS-9'],
    how: lines.join('; '),
  });
};
