/** kube-proxy's rules on a node, as they are now. */
import { findServiceRules, parseRules, type ServiceRules } from '../evidence/evidence.ts';
import { LabError } from '../lib/lab-error.ts';
import { suggest, thereAre } from '../lib/names.ts';
import { findService, type Cluster } from './cluster.ts';
import type { NodeHandle } from './inventory.ts';
import type { ServiceTarget } from './targets.ts';

/** `of` says what the rules do with a connection to a Service; SCEN002 where there is none of that name. */
export const readServiceRules = async (
  { $ }: NodeHandle,
  cluster: () => Promise<Cluster>,
): Promise<{ of: (service: ServiceTarget) => ServiceRules }> => {
  const [{ stdout }, listed] = await Promise.all([$`iptables-save -c`, cluster()]);
  const rules = parseRules(stdout);
  return {
    of: ({ namespace, service }) => {
      const found = findService(listed, namespace, service);
      if (!found) {
        const known = listed.services.filter((one) => one.namespace === namespace).map(({ name }) => name);
        const hint = known.length === 0 ? `namespace "${namespace}" has none` : `${suggest(service, known)}${thereAre(known)}`;
        throw new LabError('SCEN002', `there is no Service "${service}" in namespace "${namespace}"`, { hint });
      }
      return findServiceRules(rules, found.clusterIP, found.port);
    },
  };
};
