/** Seed 002: an installation from binaries without internet. */
import type { Seed } from './seed.ts';

/** Claims `S002-…`. */
export const seed002: Seed = {
  id: 'S002',
  title: 'KubeEdge 1.11 from binaries, offline',
  claims: [
    { id: 'S002-1', mark: 'explained', text: 'one lasting two-way websocket; the cloud pushes unasked' },
    {
      id: 'S002-2',
      mark: 'explained',
      text: 'EdgeController for pods and DeviceController for devices; metaManager and deviceTwin on the edge',
    },
    { id: 'S002-3', mark: 'step', text: 'all nodes stand in /etc/hosts, the cloud by its public address' },
    { id: 'S002-4', mark: 'step', text: 'packages come from repositories on the cloud node: no internet is needed' },
    { id: 'S002-5', mark: 'step', text: 'a private registry on the cloud node, and runtimes that use it without TLS' },
    {
      id: 'S002-6',
      mark: 'step',
      text: 'an affinity keeps flannel off the edges',
      wrong: 'the printed key is another one and a blank is missing: it is no YAML, and repaired it keeps nothing off',
    },
    { id: 'S002-7', mark: 'step', text: 'an affinity keeps kube-proxy off the edges' },
    { id: 'S002-8', mark: 'shown', text: 'one flannel and one kube-proxy, both on the master' },
    { id: 'S002-9', mark: 'step', text: 'keadm, CRDs, tools and tarball put in /etc/kubeedge beforehand: nothing is downloaded' },
    { id: 'S002-10', mark: 'step', text: 'keadm deprecated init runs cloudcore as a process of the host' },
    { id: 'S002-11', mark: 'shown', text: 'it listens on 10000 and 10002 only' },
    { id: 'S002-12', mark: 'shown', text: 'gettoken prints 64 hex digits, a dot and a JWT that changes over time' },
    { id: 'S002-13', mark: 'step', text: 'certgen.sh stream makes the certificates of the stream' },
    { id: 'S002-14', mark: 'step', text: 'cloudcore.yaml: cloudStream on; the iptables manager is on already' },
    { id: 'S002-15', mark: 'step', text: 'the process is ended and cloudcore.service started' },
    { id: 'S002-16', mark: 'shown', text: 'then 10003 listens as well' },
    { id: 'S002-17', mark: 'step', text: "an edge: host name, the cloud's package repositories, the same options of its runtime" },
    { id: 'S002-18', mark: 'step', text: 'keadm and /etc/kubeedge are copied by scp' },
    { id: 'S002-19', mark: 'step', text: 'keadm deprecated join with address, version and token' },
    { id: 'S002-20', mark: 'shown', text: 'edgecore.service is enabled and runs' },
    {
      id: 'S002-21',
      mark: 'shown',
      text: 'a warning "Get bad anonName" every 10 s, harmless',
      wrong: 'KubeEdge 1.23 waits for each answer, so hardly ever one comes for which nobody waits',
    },
    { id: 'S002-22', mark: 'shown', text: 'the edges are Ready with roles agent and edge and a version of both parts' },
    { id: 'S002-23', mark: 'step', text: 'edgecore.yaml: edgeStream and serviceBus on: logs and exec work; no EdgeMesh here' },
    {
      id: 'S002-24',
      mark: 'wrong',
      text: 'each node has other lines in /etc/hosts',
      wrong: 'they contradict each other; what counts is that node name and host name agree',
    },
  ],
};
