/** All probes of one node as one shell script that runs them side by side, and the reader of what it prints. */
import { quoteWord, quoteWords } from '../lib/quote.ts';
import type { Ipv4 } from '../model/address.ts';
import type { ProbeResult } from './observation.ts';

/** One command of a batch, and what surroundings it gets on its node. */
export type BatchProbe = {
  argv: readonly string[];
  /** Address of the pod whose network namespace it runs in; absent for the node's own. */
  pod?: Ipv4;
  /** Name server it asks instead of the node's. */
  resolver?: Ipv4;
  /** Source ports (TCP or UDP) it may use, to be looked up in the node's connection table. */
  localPorts?: readonly number[];
};

/** A shell function: `in_pod ADDRESS` prints the network namespace that has the address; containerd keeps one per pod in /run/netns. */
export const inPodFunction = String.raw`
in_pod() {
  for f in /run/netns/*; do
    nsenter --net="$f" ip -4 -o addr show 2>/dev/null | grep -qF " inet $1/" && { printf %s "$f"; return; }
  done
}`;

/**
 * `probe N …` keeps output and exit code of a command in files, so that nothing of two probes is ever mixed.
 * 240 is the code of a probe whose pod has no network namespace on the node; no program ends with it.
 */
const functions = String.raw`
d=$(mktemp -d) || exit 1
trap 'rm -rf "$d"' EXIT
${inPodFunction.trim()}
probe() {
  n=$1; shift
  timeout -k 1 "$limit" "$@" >"$d/$n.out" 2>"$d/$n.err" </dev/null
  echo $? >"$d/$n.code"
}
absent() {
  : >"$d/$1.out"; echo "no network namespace has $2" >"$d/$1.err"; echo 240 >"$d/$1.code"
}
`;

/** One program prints all files, each line with its file's name: a program per file would cost more than the probes. */
const results = String.raw`
wait
cd "$d" && grep -a '' -- *.code *.out *.err /dev/null
for p in tcp udp; do conntrack -L -p $p -f ipv4 2>/dev/null; done | grep -E " sport=($ports) " | sed 's/^/conntrack:/'
`;

/** POSIX shell text; `limitSeconds` bounds each probe from outside. */
export const makeBatch = (probes: readonly BatchProbe[], limitSeconds: number): string => {
  const pods = [...new Set(probes.flatMap(({ pod }) => pod ?? []))];
  const resolvers = [...new Set(probes.flatMap(({ resolver }) => resolver ?? []))];
  const ports = probes.flatMap(({ localPorts }) => localPorts ?? []);
  return [
    `limit=${limitSeconds} ports=${quoteWord(ports.join('|'))}`,
    functions.trim(),
    ...pods.map((pod, index) => `ns${index}=$(in_pod ${quoteWord(pod)})`),
    ...resolvers.map((resolver) => `echo nameserver ${quoteWord(resolver)} >"$d"/${quoteWord(resolver)}.conf`),
    ...probes.map((probe, index) => startLine(probe, index, pods)),
    results.trim(),
    '',
  ].join('\n');
};

const startLine = ({ argv, pod, resolver }: BatchProbe, index: number, pods: readonly Ipv4[]): string => {
  const resolves = resolver === undefined ? '' : `unshare --mount sh -c ${quoteWord(askAnother)} sh "$d"/${quoteWord(resolver)}.conf `;
  const command = `${resolves}${quoteWords(argv)}`;
  if (pod === undefined) return `probe ${index} ${command} &`;
  const namespace = `"$ns${pods.indexOf(pod)}"`;
  return `if [ -n ${namespace} ]; then probe ${index} nsenter --net=${namespace} ${command} & else absent ${index} ${quoteWord(pod)}; fi`;
};

/** In a mount namespace of its own: the node's resolv.conf stays as it is. */
const askAnother = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"';

/** Translated source ports by the port a probe used, from the node's connection table (conntrack -L). */
export const readTranslations = (stdout: string): Map<number, Translation> => {
  const found = new Map<number, Translation>();
  for (const line of stdout.split('\n')) {
    const [, to, port, from, target] =
      /^conntrack:.* src=\S+ dst=(\S+) sport=(\d+) dport=\d+ .*src=(\S+) dst=\S+ sport=\d+ dport=(\d+)/.exec(line) ?? [];
    if (to !== undefined && from !== undefined) found.set(Number(port), { port: Number(target), to, becomes: from });
  }
  return found;
};

/** What the node itself made of a connection: the source port it left with, and the address behind a ClusterIP. */
export type Translation = { port: number; to: Ipv4; becomes: Ipv4 };

/** Results in the order of the probes; undefined where the script did not come to it. */
export const readBatch = (stdout: string, count: number): (ProbeResult | undefined)[] => {
  const files = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [, file, text = ''] = /^(\d+\.(?:code|out|err)):(.*)$/s.exec(line) ?? [];
    if (file !== undefined) files.set(file, `${files.get(file) ?? ''}${text}\n`);
  }
  return Array.from({ length: count }, (_, index) => {
    const code = files.get(`${index}.code`);
    if (code === undefined) return undefined;
    return { code: Number(code), stdout: files.get(`${index}.out`) ?? '', stderr: files.get(`${index}.err`) ?? '' };
  });
};
