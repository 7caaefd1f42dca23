/** MAC addresses of a lab's machines. */
import { createHash } from 'node:crypto';
import type { Ipv4 } from '../model/address.ts';
import { parseIpv4 } from './ip.ts';

/**
 * Of the card that has this address: locally administered, a byte of the lab's name, then the address. A machine that is started again
 * has the one it had, as a real one does; Docker may give it another, and neighbours would write to the old one for up to a minute.
 * Unique on its segment, as the address is; the byte tells frames of two labs apart.
 */
export const macOf = (lab: string, address: Ipv4): string => {
  const bytes = Buffer.alloc(6);
  bytes[0] = 0x02;
  bytes[1] = createHash('sha256').update(lab).digest()[0]!;
  bytes.writeUInt32BE(parseIpv4(address) ?? 0, 2);
  return bytes.toString('hex').replace(/(..)(?!$)/g, '$1:');
};
