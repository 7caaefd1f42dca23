/** What is worth keeping of a lab that failed to come up: one line per thing, each a script that runs inside a container. */
import type { ContainerSpec, Plan } from '../model/plan.ts';

/** One thing to keep, of each container that is `wanted`. */
export type Collector = {
  /** File it fills inside the container's folder of the bundle. */
  file: string;
  wanted(spec: ContainerSpec, plan: Plan): boolean;
  /** Shell text. Later parts must run although earlier ones fail, and output is best newest last: only the end is kept. */
  script: string;
};

const everywhere = (): boolean => true;
const onNodes = ({ privilege }: ContainerSpec): boolean => privilege === 'node';
const withKubectl = ({ name }: ContainerSpec, { facts }: Plan): boolean => facts.kubectl === name;

const journal = (unit: string): string => `journalctl --no-pager -o short-precise -n 500 -u ${unit}`;
/** Each command is shown before its output, so that one file can hold several. */
const show = (...commands: string[]): string =>
  commands.map((command) => `echo '# ${command.replaceAll("'", '')}'; ${command} 2>&1; echo`).join('\n');

/** The most telling first. */
export const collectors: readonly Collector[] = [
  { file: 'kubectl-get.txt', wanted: withKubectl, script: show('kubectl get nodes -o wide', 'kubectl get all -A -o wide') },
  { file: 'kubectl-events.txt', wanted: withKubectl, script: 'kubectl get events -A --sort-by=.lastTimestamp' },
  { file: 'kubectl-nodes.txt', wanted: withKubectl, script: 'kubectl describe nodes' },
  {
    file: 'kubectl-not-ready.txt',
    wanted: withKubectl,
    script: `kubectl get pods -A --no-headers | awk '{ split($3, ready, "/") } $4 != "Completed" && ready[1] != ready[2] { print $1, $2 }' |
      while read -r namespace pod; do kubectl describe pod -n "$namespace" "$pod"; done`,
  },
  {
    file: 'network.txt',
    wanted: everywhere,
    script: show('ip -d addr', 'ip rule', 'ip route show table all', 'ip neigh', 'cat /etc/resolv.conf'),
  },
  { file: 'nftables.txt', wanted: everywhere, script: 'nft list ruleset' },
  { file: 'conntrack.txt', wanted: everywhere, script: 'conntrack -L' },
  { file: 'iptables.txt', wanted: onNodes, script: 'iptables-save -c' },
  { file: 'journal.txt', wanted: onNodes, script: 'journalctl --no-pager -o short-precise -n 500' },
  { file: 'containerd.txt', wanted: onNodes, script: journal('containerd') },
  { file: 'kubelet.txt', wanted: onNodes, script: journal('kubelet') },
  { file: 'edgecore.txt', wanted: onNodes, script: journal('edgecore') },
  { file: 'pods.txt', wanted: onNodes, script: "find /var/log/pods -name '*.log' -exec tail -v -n 60 {} +" },
];
