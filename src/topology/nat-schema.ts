/** The shape of `nat:` at a site: a preset, or the axes of RFC 4787. */
import { z } from 'zod';
import { natPresets } from '../nat/nat.ts';

const dependence = z.enum(['endpoint-independent', 'address-dependent', 'address-and-port-dependent']);

const port = z.int().min(1).max(65_535);
const presets = natPresets.flatMap(({ name, aliases }) => [name, ...aliases]);
const listed = natPresets.map(({ name }) => name).join(', ');

const axes = z
  .strictObject({
    like: z
      .enum(presets)
      .meta({ description: `A preset that gives what is not said here: ${listed}.` })
      .optional(),
    mapping: dependence.meta({ description: 'What a mapping depends on (RFC 4787 section 4.1); needed without like.' }).optional(),
    filtering: dependence.meta({ description: 'Whose packets are let in (RFC 4787 section 5); needed without like.' }).optional(),
    ports: z
      .union([
        z.enum(['preserve', 'random', 'sequential']),
        z.array(port),
        z.strictObject({
          from: port.meta({ description: 'First port.' }),
          to: port.meta({ description: 'Last port.' }),
          'per-subscriber': port.meta({ description: 'Ports in the block of each inside address.' }).optional(),
        }),
      ])
      .meta({
        description:
          'How the outside port is picked: preserve (default; random on collision), random, sequential, at random from [first, last], or { from, to, per-subscriber }.',
      })
      .optional(),
    addresses: z
      .union([z.int().min(1).max(16), z.array(z.string())])
      .meta({
        description: 'Outside addresses: how many, or which, the first being that of the router; default 1.',
        examples: [2, ['45.77.0.20', '45.77.0.21']],
      })
      .optional(),
    pooling: z
      .enum(['paired', 'arbitrary'])
      .meta({
        description:
          'Whether all mappings of a host have one outside address (paired, default, RFC 4787 REQ-2), or each any of them (arbitrary).',
      })
      .optional(),
    hairpinning: z
      .boolean()
      .meta({ description: 'Whether hosts behind the NAT reach each other by their outside address; default false.' })
      .optional(),
    inbound: z
      .enum(['drop', 'reject', 'accept'])
      .meta({ description: 'What unsolicited packets get: silence (default), a refusal, or the router takes them for itself.' })
      .optional(),
    udp: z.enum(['pass', 'block']).meta({ description: 'Whether UDP gets out; DNS always does. Default pass.' }).optional(),
    timeouts: z
      .strictObject({
        udp: z.int().min(1).max(86_400).meta({ description: 'Seconds; default 30.' }).optional(),
        tcp: z.int().min(1).max(864_000).meta({ description: 'Seconds; default 7440.' }).optional(),
      })
      .meta({ description: 'Seconds an idle binding lives.' })
      .optional(),
  })
  .meta({ description: 'The NAT by the axes of RFC 4787.' });

/** Presets by name or alias. */
export const natSchema = z
  .union([z.enum(presets).meta({ description: 'A preset.' }), axes])
  .meta({ description: 'How the router of the LAN translates: a preset, or the axes of RFC 4787.' });
