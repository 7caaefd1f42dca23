/** The shape of a site and of its nodes. */
import { z } from 'zod';
import { address, subnet } from './ipv4-schema.ts';
import { address6, siteIpv6 } from './ipv6-schema.ts';
import { byName } from './label-schema.ts';
import { linkSchema } from './link-schema.ts';
import { natSchema } from './nat-schema.ts';

const node = z
  .strictObject({
    role: z.enum(['control-plane', 'worker', 'edge', 'host']).meta({
      description: 'What the node is for: control-plane and worker are the cloud, edge joins by KubeEdge, host has no Kubernetes.',
    }),
    address: address.optional(),
    address6: address6.optional(),
    runtime: z
      .enum(['containerd', 'docker'])
      .meta({ description: 'What runs containers on a host; without it the host has network tools only. Other roles have containerd.' })
      .optional(),
    link: linkSchema.optional(),
  })
  .meta({ description: 'A node, e.g. { role: edge }.' });

/** `dependencies` are JSON Schema's, for editors: `readTopology` checks them by itself. */
export const siteSchema = z
  .strictObject({
    subnet: subnet.meta({ description: 'Subnet of a LAN behind a router; without it the nodes sit on the internet itself.' }).optional(),
    nat: natSchema.optional(),
    ...siteIpv6,
    uplink: z
      .string()
      .meta({ description: 'Site whose LAN the router of this one is in, e.g. isp; default: it is on the internet.' })
      .optional(),
    uplinks: z
      .array(z.string())
      .meta({
        description: 'Several uplinks, the preferred one first: sites, or internet; when one is dead the next is taken.',
        examples: [
          ['isp-1', 'isp-2'],
          ['internet', 'mobile'],
        ],
      })
      .optional(),
    forwards: z
      .array(z.string())
      .meta({
        description:
          'Ports of the router that lead to a node, or to the router of a site further in; to several in turn, or "by source": each client to one of them.',
        examples: [['udp 45000 -> edge-a1:4500', 'tcp 10000-10004 -> cloud:30000-30004', 'tcp 80 -> web-1:8080, web-2:8080']],
      })
      .optional(),
    upnp: z
      .boolean()
      .meta({ description: 'Whether hosts of the LAN may open ports of the router by UPnP-IGD, NAT-PMP and PCP; default false.' })
      .optional(),
    link: linkSchema.optional(),
    nodes: byName(
      node,
      'The nodes by name, e.g. { edge-a1: { role: edge } }; a name is also the host name and the node name in Kubernetes.',
    ),
  })
  .meta({
    description: 'A place with nodes: on the internet, or a LAN behind its own router.',
    dependencies: {
      subnet: ['nat'],
      nat: ['subnet'],
      uplink: ['nat'],
      uplinks: ['nat'],
      forwards: ['nat'],
      upnp: ['nat'],
      subnet6: ['subnet'],
      prefix6: ['subnet6'],
      firewall6: ['subnet6'],
    },
  });
