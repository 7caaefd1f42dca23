/** The shape of `link:` at a site or node. */
import { z } from 'zod';
import { linkPresets } from '../links/links.ts';

const quantity = (description: string, example: string) =>
  z
    .string()
    .meta({ description: `${description}, e.g. ${example}.`, examples: [example] })
    .optional();

const oneWay = {
  delay: quantity('How much longer each packet takes', '15ms'),
  jitter: quantity('Up to how much delays differ; packets keep their order', '2ms'),
  loss: quantity('How many packets are lost, at random', '0.5%'),
  duplicate: quantity('How many packets come twice', '1%'),
  reorder: quantity('How many packets skip the delay and overtake others', '1%'),
  rate: quantity('Bits per second', '50mbit'),
  mtu: z.int().min(576).max(1500).meta({ description: 'Bytes of the largest IP packet, e.g. 1400.' }).optional(),
};

const presets = linkPresets.map(({ name }) => name);
const ways = 'one direction, e.g. { delay: 15ms, rate: 10mbit }';

const conditions = {
  like: z.enum(presets).meta({ description: 'A preset that gives what is not said here.' }).optional(),
  ...oneWay,
  direction: z.enum(['both', 'up', 'down']).meta({ description: 'Whether what is said here holds both ways; default both.' }).optional(),
  up: z
    .strictObject(oneWay)
    .meta({ description: `What leaves, ${ways}.` })
    .optional(),
  down: z
    .strictObject(oneWay)
    .meta({ description: `What comes in, ${ways}.` })
    .optional(),
};

/** A line of its own between two sites; `up` leads from the first to the second. */
export const siteLinkSchema = z
  .strictObject({
    between: z.array(z.string()).meta({ description: 'Two sites whose routers do not translate.', examples: [['eu', 'us']] }),
    ...conditions,
  })
  .meta({ description: 'A link between two sites, e.g. { between: [eu, us], delay: 40ms }; up leads from the first to the second.' });

/** Also `condition:` of a fault. Quantities are text with a unit, read by `readField` of the links room. */
export const linkSchema = z.union([z.enum(presets), z.strictObject(conditions)]).meta({
  description: `Conditions of the link, both ways unless said otherwise: ${presets.join(', ')}, or e.g. { delay: 15ms, rate: 50mbit }.`,
});
