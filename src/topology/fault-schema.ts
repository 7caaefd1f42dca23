/** The shape of `faults:`, the timeline of what goes wrong. */
import { z } from 'zod';
import { linkSchema } from './link-schema.ts';

const place = (description: string) => z.string().meta({ description }).optional();
const duration = (description: string) => z.string().meta({ description, examples: ['500ms', '30s', '2m'] });

/** Key → what goes wrong; each entry has one of them. */
export const faultWords = {
  cut: place('Site or node whose link lets nothing pass.'),
  flap: place('Site or node whose link goes down and up again.'),
  partition: z.array(z.string()).meta({ description: 'Sites that do not reach those of from.' }).optional(),
  dns: z.enum(['deaf']).meta({ description: 'The DNS server of the lab hears nothing: deaf.' }).optional(),
  'black-hole': place('Site or node whose link swallows packets above mtu without a word.'),
  link: place('Site or node whose link gets another condition.'),
  rebind: place('Site whose router forgets its bindings and gives out other ports.'),
  expire: place('Site whose router forgets its bindings, as after a long silence.'),
  redial: place('Site whose router gets another outside address.'),
  'conntrack-full': place('Site whose router has no room for new connections.'),
  reboot: place('Site whose router starts anew.'),
  pause: place('Node that stands still.'),
  kill: place('Node that loses power.'),
  restart: place('Node that is restarted.'),
};

const fault = z
  .strictObject({
    at: duration('When, from the beginning of the timeline, e.g. 30s.'),
    ...faultWords,
    for: duration('How long; default: to the end of the timeline.').optional(),
    direction: z.enum(['both', 'up', 'down']).meta({ description: 'Of cut: which direction; default both.' }).optional(),
    from: z.array(z.string()).meta({ description: 'Of partition: the sites of the other side.' }).optional(),
    mtu: z.int().min(576).max(1500).meta({ description: 'Of black-hole: bytes of the largest packet that passes.' }).optional(),
    times: z.int().min(1).max(1000).meta({ description: 'Of flap: how often; default 3.' }).optional(),
    period: duration('Of flap: once down and up, e.g. 2s, the default.').optional(),
    to: z.string().meta({ description: 'Of redial: the new address; default: a free one.' }).optional(),
    condition: linkSchema.optional(),
  })
  .meta({ description: 'One fault, e.g. { at: 30s, cut: lan-a, for: 10s }.' });

/** Times and names are plain text here, and any word may stand beside any other: `resolveFaults` says what makes no sense. */
export const faultsSchema = z
  .array(fault)
  .meta({ description: 'What goes wrong, and when: played by `edgelab fault play` and by scenarios.' });
