/** What theory expects of a hole punch between two hosts: from mapping and filtering alone (RFC 5128, RFC 4787 §5). */
import { blocksUdp, composeDependences } from '../proof/declared.ts';
import type { GridKind } from './kinds.ts';

type Protocol = 'udp' | 'tcp';

/**
 * With answers to the address actually seen, one direction is enough. X reaches the address Y announced if Y's mapping
 * does not depend on X, and Y's filter lets X in: because it asks for no port, or because X comes from the port it announced.
 */
export const expectPunch = (a: GridKind, b: GridKind, protocol: Protocol): boolean => {
  if (protocol === 'udp' && [a, b].some(({ chain }) => chain.some(blocksUdp))) return false;
  return reaches(a, b) || reaches(b, a);
};

const reaches = (x: GridKind, y: GridKind): boolean => {
  const [from, to] = [composeDependences(x.chain), composeDependences(y.chain)];
  if (to.mapping !== 'endpoint-independent') return false;
  return to.filtering !== 'address-and-port-dependent' || from.mapping === 'endpoint-independent';
};
