/** Weave Net as in its own manifest (`weave-daemonset-k8s-1.11.yaml`): an account with its rights, and a pod on every cloud node. */
import { ownRange } from '../../lib/pod-network.ts';
import { accountWith, rule } from '../account.ts';
import { notOnEdges, type Manifest } from '../manifest.ts';

const meta = { name: 'weave-net', namespace: 'kube-system', labels: { name: 'weave-net' } };

/** Published images of one version; the fork's, which counts on from Weaveworks' 2.8.1. */
export const weaveImages = ({ version }: { version: string }) => ({
  router: `rajchaudhuri/weave-kube:${version}`,
  policy: `rajchaudhuri/weave-npc:${version}`,
});

const account = accountWith(meta, {
  everywhere: [
    rule('', 'pods namespaces nodes', 'get list watch'),
    rule('networking.k8s.io', 'networkpolicies', 'get list watch'),
    rule('', 'nodes/status', 'patch update'),
  ],
  // peers are kept in a ConfigMap
  atHome: [rule('', 'configmaps', 'get update', [meta.name]), rule('', 'configmaps', 'create')],
});

/** Parts of the node that its containers see: name of the volume → path there, path in the container, what is made if missing. */
const parts = {
  weavedb: ['/var/lib/weave', '/weavedb', 'DirectoryOrCreate'],
  'cni-bin': ['/opt', '/host/opt', 'DirectoryOrCreate'],
  'cni-conf': ['/etc', '/host/etc', 'Directory'],
  'machine-id': ['/etc/machine-id', '/host/etc/machine-id', 'File'],
  dbus: ['/var/lib/dbus', '/host/var/lib/dbus', 'DirectoryOrCreate'],
  'lib-modules': ['/lib/modules', '/lib/modules', 'DirectoryOrCreate'],
  'xtables-lock': ['/run/xtables.lock', '/run/xtables.lock', 'FileOrCreate'],
} as const;

const mount = (...names: (keyof typeof parts)[]) => names.map((name) => ({ name, mountPath: parts[name][1] }));

type Settings = { version: string; podSubnet: string; apiServer: string };

const daemonSet = ({ version, podSubnet, apiServer }: Settings): Manifest => {
  const images = weaveImages({ version });
  const common = { imagePullPolicy: 'IfNotPresent', securityContext: { privileged: true } };
  const env = [
    { name: 'HOSTNAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    // the API server itself, so that Weave need not wait for kube-proxy's rules
    { name: 'KUBERNETES_SERVICE_HOST', value: apiServer },
    { name: 'KUBERNETES_SERVICE_PORT', value: '6443' },
  ];
  // as the nodes' own programs have it; left to itself Weave takes the legacy one where both have as many rules
  const backend = { name: 'IPTABLES_BACKEND', value: 'nft' };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: meta,
    spec: {
      selector: { matchLabels: meta.labels },
      template: {
        metadata: { labels: meta.labels },
        spec: {
          affinity: notOnEdges,
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          serviceAccountName: meta.name,
          terminationGracePeriodSeconds: 1,
          initContainers: [
            {
              ...{ name: 'weave-init', image: images.router, command: ['/home/weave/init.sh'], ...common },
              volumeMounts: mount('cni-bin', 'cni-conf', 'lib-modules', 'xtables-lock'),
            },
          ],
          containers: [
            {
              ...{ name: 'weave', image: images.router, command: ['/home/weave/launch.sh'], ...common },
              env: [
                ...env,
                { name: 'INIT_CONTAINER', value: 'true' },
                // it asks nobody outside the lab for newer versions
                { name: 'CHECKPOINT_DISABLE', value: '1' },
                { name: 'IPALLOC_RANGE', value: ownRange(podSubnet) },
                backend,
              ],
              volumeMounts: mount('weavedb', 'dbus', 'machine-id', 'xtables-lock'),
            },
            { ...{ name: 'weave-npc', image: images.policy, ...common }, env: [...env, backend], volumeMounts: mount('xtables-lock') },
          ],
          volumes: Object.entries(parts).map(([name, [path, , type]]) => ({ name, hostPath: { path, type } })),
        },
      },
    },
  };
};

/** In the order in which they are made. */
export const weaveObjects = (settings: Settings): Manifest[] => [
  ...account,
  // where its peers are noted; a router that does not find it ends, and makes it only when it is started again
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta },
  daemonSet(settings),
];
