/** calico-node on every cloud node: Felix for routes and policy, BIRD for BGP, confd between them; its CNI plugin is put there first. */
import { ownRange } from '../../lib/pod-network.ts';
import type { Install } from '../../model/install.ts';
import { notOnEdges, type Manifest } from '../manifest.ts';

type Settings = {
  calico: NonNullable<Install['calico']>;
  podSubnet: string;
  /** Host name or address of the API server, which is asked directly: kube-proxy's rules need not be there. */
  apiServer: string;
};

/** Published images of one version. */
export const calicoImages = ({ version }: { version: string }) => ({ node: `calico/node:v${version}`, cni: `calico/cni:v${version}` });

/** As in Calico's own manifest (`cni_network_config`); the words in capitals are filled in by its `install`. */
const cniConfig = (mtu: number): string =>
  JSON.stringify({
    name: 'k8s-pod-network',
    cniVersion: '0.3.1',
    plugins: [
      {
        type: 'calico',
        log_level: 'info',
        log_file_path: '/var/log/calico/cni/cni.log',
        datastore_type: 'kubernetes',
        nodename: '__KUBERNETES_NODE_NAME__',
        mtu,
        ipam: { type: 'calico-ipam' },
        policy: { type: 'k8s' },
        kubernetes: { kubeconfig: '__KUBECONFIG_FILEPATH__' },
      },
      { type: 'portmap', snat: true, capabilities: { portMappings: true } },
    ],
  });

const env = (values: Record<string, string>) => Object.entries(values).map(([name, value]) => ({ name, value }));
const nodeName = (name: string) => ({ name, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } });

/** Folders of the node: name of the volume → where it is on the node and in the container. */
const folders = {
  'cni-bin': ['/opt/cni/bin', '/host/opt/cni/bin'],
  'cni-net': ['/etc/cni/net.d', '/host/etc/cni/net.d'],
  'run-calico': ['/var/run/calico', '/var/run/calico'],
  'lib-calico': ['/var/lib/calico', '/var/lib/calico'],
} as const;

const mount = (...names: (keyof typeof folders)[]) => names.map((name) => ({ name, mountPath: folders[name][1] }));

/**
 * How it carries packets: which of its parts run, what its address pool says, and the MTU of pods. 0 is what Felix finds out; but
 * the first pods do not wait for it, and would have what fits the wire and not the tunnel.
 */
const ways = {
  none: { backend: 'bird', vxlan: 'Never', checks: ['-felix', '-bird'], mtu: 0 },
  vxlan: { backend: 'vxlan', vxlan: 'Always', checks: ['-felix'], mtu: 1450 },
} as const;

/** For nodes that kubelet runs. */
export const calicoDaemonSet = ({ calico, podSubnet, apiServer }: Settings): Manifest => {
  const images = calicoImages(calico);
  const { backend, vxlan, checks, mtu } = ways[calico.encapsulation];
  const api = { KUBERNETES_SERVICE_HOST: apiServer, KUBERNETES_SERVICE_PORT: '6443' };
  const common = { imagePullPolicy: 'IfNotPresent', securityContext: { privileged: true } };
  const labels = { 'k8s-app': 'calico-node' };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'calico-node', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          affinity: notOnEdges,
          hostNetwork: true,
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          serviceAccountName: 'calico-node',
          terminationGracePeriodSeconds: 0,
          initContainers: [
            {
              ...{ name: 'install-cni', image: images.cni, command: ['/opt/cni/bin/install'], ...common },
              env: [
                nodeName('KUBERNETES_NODE_NAME'),
                ...env({ ...api, CNI_CONF_NAME: '10-calico.conflist', CNI_NETWORK_CONFIG: cniConfig(mtu), SLEEP: 'false' }),
              ],
              volumeMounts: mount('cni-bin', 'cni-net'),
            },
          ],
          containers: [
            {
              ...{ name: 'calico-node', image: images.node, ...common },
              env: [
                nodeName('NODENAME'),
                ...env({
                  ...api,
                  DATASTORE_TYPE: 'kubernetes',
                  WAIT_FOR_DATASTORE: 'true',
                  CLUSTER_TYPE: 'k8s,bgp',
                  CALICO_NETWORKING_BACKEND: backend,
                  CALICO_DISABLE_FILE_LOGGING: 'true',
                  IP: 'autodetect',
                  IP_AUTODETECTION_METHOD: 'interface=eth0',
                  CALICO_IPV4POOL_CIDR: ownRange(podSubnet),
                  CALICO_IPV4POOL_IPIP: 'Never',
                  CALICO_IPV4POOL_VXLAN: vxlan,
                  CALICO_IPV6POOL_VXLAN: 'Never',
                  FELIX_DEFAULTENDPOINTTOHOSTACTION: 'ACCEPT',
                  FELIX_HEALTHENABLED: 'true',
                  FELIX_IPV6SUPPORT: 'false',
                  // the same rules on all kernels: its iptables rules ask for a match (rpfilter) that some lack
                  FELIX_NFTABLESMODE: 'Enabled',
                }),
              ],
              // more often than in the manifest: a lab waits for it
              readinessProbe: {
                exec: { command: ['/bin/calico-node', ...checks.map((check) => `${check}-ready`)] },
                periodSeconds: 2,
                timeoutSeconds: 10,
              },
              volumeMounts: mount('cni-net', 'run-calico', 'lib-calico'),
            },
          ],
          volumes: Object.entries(folders).map(([name, [path]]) => ({ name, hostPath: { path, type: 'DirectoryOrCreate' } })),
        },
      },
    },
  };
};
