/**
 * The shape of a topology file, as zod schemas: kinds of values, keys and closed lists of words. What the words mean is for resolve.
 * Patterns and lists given as `meta` reach editors by the JSON Schema; readTopology checks the same with better words.
 */
import { z } from 'zod';
import { faultsSchema } from './fault-schema.ts';
import { installSchema } from './install-schema.ts';
import { subnet } from './ipv4-schema.ts';
import { subnet6 } from './ipv6-schema.ts';
import { byName, labelPattern } from './label-schema.ts';
import { siteLinkSchema } from './link-schema.ts';
import { siteSchema } from './site-schema.ts';

const workload = z
  .strictObject({
    on: z.union([z.string(), z.array(z.string())]).meta({
      description: 'Which nodes get one instance each: each-node, cloud, edge, the name of a node, or a list of these.',
      examples: ['each-node', ['cloud', 'edge-a1']],
    }),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .meta({ description: 'Port of the Services; each is called by its workload and node, e.g. echo-edge-a1.' }),
  })
  .meta({ description: 'An echo server on some nodes, e.g. { on: each-node, port: 80 }.' });

/** A topology file as it may be written, short forms and all. */
export const topologySchema = z
  .strictObject({
    name: z.string().meta({ description: 'Name of the lab, e.g. two-lans.', pattern: labelPattern.source, maxLength: 40 }),
    internet: z
      .strictObject({
        subnet: subnet.meta({ description: 'Default 45.77.0.0/24.' }).optional(),
        subnet6: subnet6.meta({ description: 'IPv6 subnet; default 2001:db8::/64 where a site has a subnet6, none elsewhere.' }).optional(),
      })
      .meta({ description: 'The emulated internet, e.g. { subnet: 45.77.0.0/24 }.' })
      .optional(),
    sites: byName(siteSchema, 'The sites by name, e.g. { cloud: { nodes: { cloud: { role: control-plane } } } }.'),
    links: z
      .array(siteLinkSchema)
      .meta({ description: 'Lines between two sites, beside the internet: regions of a cloud with their own delay between them.' })
      .optional(),
    install: installSchema.optional(),
    workloads: byName(workload, 'Workloads by name, e.g. { echo: { on: each-node, port: 80 } }.').optional(),
    faults: faultsSchema.optional(),
  })
  .meta({ title: 'edgelab topology', description: 'A lab: an emulated internet, sites with nodes, and what is installed on them.' });

/** What a file says once its shape is known to be right. */
export type RawTopology = z.infer<typeof topologySchema>;
