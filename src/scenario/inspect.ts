/** What nodes themselves say of a flow that went otherwise than expected: rules it met, with their counters, and its connections. */
import { findServiceRules, parseRules, type Rule } from '../evidence/evidence.ts';
import { plural } from '../lib/names.ts';
import type { Evidence } from '../model/check.ts';
import type { Outcome, RoundSite } from './round.ts';

/** Rules, then connections to one of the addresses in `$@`. */
const script = `iptables-save -c 2>/dev/null
echo ---
for address in "$@"; do conntrack -L -f ipv4 -d "$address" 2>/dev/null; done
true`;

/** Of each outcome: rows for its source's node, in the order of the outcomes; one command per node. */
export const inspectFlows = async ({ lab, engine, signal }: RoundSite, outcomes: readonly Outcome[]): Promise<Evidence[][]> => {
  const hosts = Map.groupBy(
    outcomes.flatMap(({ attempt }) => (attempt?.host === undefined ? [] : [{ node: attempt.node, host: attempt.host }])),
    ({ node }) => node,
  );
  const said = new Map(
    await Promise.all(
      [...hosts].map(async ([node, asked]): Promise<[string, Said]> => {
        const argv = ['sh', '-c', script, 'sh', ...new Set(asked.map(({ host }) => host))];
        const { stdout } = await engine.exec(lab.name, node, argv, { timeoutSeconds: 20, signal });
        const [rules = '', connections = ''] = stdout.split('\n---\n');
        return [node, { rules: parseRules(rules), connections: connections.split('\n') }];
      }),
    ),
  );
  return outcomes.map((outcome) => {
    const found = outcome.attempt && said.get(outcome.attempt.node);
    return found ? describe(outcome, found) : [];
  });
};

type Said = { rules: readonly Rule[]; connections: readonly string[] };

const describe = ({ attempt, observation }: Outcome, { rules, connections }: Said): Evidence[] => {
  const { node = '', host = '', port } = attempt ?? {};
  const direct = rules.filter(
    ({ text }) =>
      text.includes(`-d ${host}/32`) && (port === undefined || !/--dport/.test(text) || text.includes(`--dport ${String(port)} `)),
  );
  const met = new Set([
    ...direct,
    ...(port === undefined ? [] : findServiceRules(rules, host, port).rules.filter(({ chain }) => chain.startsWith('KUBE-S'))),
  ]);
  const own = connections.filter(
    (line) =>
      line.includes(` dst=${host} `) && (observation.localPort === undefined || line.includes(` sport=${String(observation.localPort)} `)),
  );
  return [
    ...[...met].map(({ table, chain, packets, text }) => ({
      at: `${node} ${table} ${chain}`,
      saw: `${plural(packets, 'packet')} so far: ${text}`,
    })),
    ...own.slice(0, 3).map((line) => ({ at: `${node} conntrack`, saw: line.trim().replaceAll(/\s+/g, ' ') })),
  ];
};
