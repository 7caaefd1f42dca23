/** What kube-proxy's iptables rules do with a connection to a ClusterIP, read from `iptables-save -c`. */

/** One rule in the order of its chain; `packets` is its counter. */
export type Rule = { table: string; chain: string; packets: number; text: string };

/** One endpoint that a connection to the Service may be sent to, in the order in which the rules try them. */
export type Endpoint = {
  /** `KUBE-SEP-…` */
  chain: string;
  /** Of being taken when the rules before it did not match; absent for the last one. */
  probability?: number;
  /** It marks some packets (the pod's own) to be masqueraded. */
  marks: boolean;
  /** `address:port` it rewrites the destination to. */
  dnat?: string;
};

/** What becomes of a connection to one port of a ClusterIP, by the rules. */
export type ServiceRules = {
  /** PREROUTING and OUTPUT both lead to KUBE-SERVICES. */
  hooked: boolean;
  /** `KUBE-SVC-…`, absent when no rule knows the ClusterIP and port. */
  chain?: string;
  endpoints: Endpoint[];
  /** `icmp-port-unreachable` where the Service has no endpoints and packets are answered so. */
  rejectsWith?: string;
  /** The rule drops them without a word. */
  drops: boolean;
  /** The rules behind all this, in the order a packet meets them. */
  rules: Rule[];
};

/** Rules of all tables. */
export const parseRules = (text: string): Rule[] => {
  let table = '';
  const rules: Rule[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const [, packets, chain, rest] = /^(?:\[(\d+):\d+\] )?-A (\S+) (.*)$/.exec(line) ?? [];
    if (chain !== undefined && rest !== undefined) rules.push({ table, chain, packets: Number(packets ?? 0), text: rest });
  }
  return rules;
};

/** Of TCP and IPv4; `rules` are those of all tables, as `parseRules` gives them. */
export const findServiceRules = (rules: readonly Rule[], clusterIP: string, port: number): ServiceRules => {
  const nat = rules.filter(({ table }) => table === 'nat');
  const hooks = nat.filter((rule) => ['PREROUTING', 'OUTPUT'].includes(rule.chain) && jump(rule) === 'KUBE-SERVICES');
  const matches = ({ text }: Rule): boolean =>
    text.includes(`-d ${clusterIP}/32`) && new RegExp(String.raw`--dport ${port}\b`).test(text) && /-p tcp\b/.test(text);
  const entry = nat.find((rule) => rule.chain === 'KUBE-SERVICES' && matches(rule));
  const ending = rules.find((rule) => rule.table === 'filter' && matches(rule) && ['REJECT', 'DROP'].includes(jump(rule) ?? ''));
  const chain = entry && jump(entry);
  const choices = nat.filter((rule) => rule.chain === chain && jump(rule)?.startsWith('KUBE-SEP-'));
  const steps = choices.flatMap((choice) => [choice, ...nat.filter((rule) => rule.chain === jump(choice))]);
  const rejectsWith = ending && /--reject-with (\S+)/.exec(ending.text)?.[1];
  return {
    hooked: new Set(hooks.map((rule) => rule.chain)).size === 2,
    ...(chain === undefined ? {} : { chain }),
    endpoints: choices.map((choice) => readEndpoint(choice, nat)),
    ...(rejectsWith === undefined ? {} : { rejectsWith }),
    drops: ending !== undefined && jump(ending) === 'DROP',
    rules: [...hooks, ...(entry ? [entry] : []), ...steps, ...(ending ? [ending] : [])],
  };
};

const readEndpoint = (choice: Rule, nat: readonly Rule[]): Endpoint => {
  const chain = jump(choice) ?? '';
  const own = nat.filter((rule) => rule.chain === chain);
  const probability = /--mode random --probability ([\d.]+)/.exec(choice.text)?.[1];
  const dnat = own.map(({ text }) => /-j DNAT .*--to-destination (\S+)/.exec(text)?.[1]).find((to) => to !== undefined);
  return {
    chain,
    ...(probability === undefined ? {} : { probability: Number(probability) }),
    marks: own.some((rule) => jump(rule) === 'KUBE-MARK-MASQ'),
    ...(dnat === undefined ? {} : { dnat }),
  };
};

const jump = ({ text }: Rule): string | undefined => /-j (\S+)/.exec(text)?.[1];
