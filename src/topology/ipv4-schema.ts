/** The shape of IPv4 addresses and subnets. */
import { z } from 'zod';

/** Any text: the pattern is for editors, `readSubnet` has better words for what is wrong. */
export const subnet = z.string().meta({ pattern: String.raw`^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$`, examples: ['192.168.1.0/24'] });

/** Of a node. Any text, like `subnet`. */
export const address = z.string().meta({
  description: 'Its IPv4 address in the segment of its site; default: the next free one.',
  pattern: String.raw`^\d{1,3}(\.\d{1,3}){3}$`,
  examples: ['192.168.1.50'],
});
