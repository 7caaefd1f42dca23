/** The shape of a topology file, as zod schemas: kinds of values, keys and closed lists of words. What the words mean is for resolve. */
import { z } from 'zod';
import { versions, type Versioned } from '../lib/versions.ts';
import { natPresets } from '../nat/nat.ts';
import { faultsSchema } from './fault-schema.ts';
import { address6, siteIpv6, subnet6 } from './ipv6-schema.ts';
import { linkSchema, siteLinkSchema } from './link-schema.ts';

/** A DNS label (RFC 1123) that begins with a letter, as Services must (RFC 1035). */
export const labelPattern = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
/** Longest DNS label, RFC 1035 §2.3.4. */
export const longestLabel = 63;

// The patterns and lists given as `meta` reach editors by the JSON Schema; readTopology checks the same with better words.
const names = { pattern: labelPattern.source, maxLength: longestLabel };
const subnet = z.string().meta({ pattern: String.raw`^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$`, examples: ['192.168.1.0/24'] });

const byName = <T extends z.ZodType>(value: T, description: string) =>
  z.record(z.string(), value).meta({ description, propertyNames: names });

const dependence = z.enum(['endpoint-independent', 'address-dependent', 'address-and-port-dependent']);

const port = z.int().min(1).max(65_535);
const natWords = natPresets.flatMap(({ name, aliases }) => [name, ...aliases]);
const listed = natPresets.map(({ name }) => name).join(', ');

const natAxes = z
  .strictObject({
    like: z
      .enum(natWords)
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

const node = z
  .strictObject({
    role: z.enum(['control-plane', 'worker', 'edge', 'host']).meta({
      description: 'What the node is for: control-plane and worker are the cloud, edge joins by KubeEdge, host has no Kubernetes.',
    }),
    address: z
      .string()
      .meta({
        description: 'Its IPv4 address in the segment of its site; default: the next free one.',
        pattern: String.raw`^\d{1,3}(\.\d{1,3}){3}$`,
        examples: ['192.168.1.50'],
      })
      .optional(),
    address6: address6.optional(),
    runtime: z
      .enum(['containerd', 'docker'])
      .meta({ description: 'What runs containers on a host; without it the host has network tools only. Other roles have containerd.' })
      .optional(),
    link: linkSchema.optional(),
  })
  .meta({ description: 'A node, e.g. { role: edge }.' });

const site = z
  .strictObject({
    subnet: subnet.meta({ description: 'Subnet of a LAN behind a router; without it the nodes sit on the internet itself.' }).optional(),
    nat: z
      .union([z.enum(natWords).meta({ description: 'A preset.' }), natAxes])
      .meta({ description: 'How the router of the LAN translates: a preset, or the axes of RFC 4787.' })
      .optional(),
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

const version = (component: Versioned) =>
  z.union([z.string(), z.number()]).meta({ enum: [...versions[component]], description: `Version; default ${versions[component][0]}.` });

const placement = z.enum(['cloud', 'edge']);
const placements = (description: string) =>
  z
    .union([placement, z.array(placement)])
    .meta({ description })
    .optional();

const install = z
  .strictObject({
    kubernetes: z
      .union([
        version('kubernetes'),
        z.strictObject({
          version: version('kubernetes').optional(),
          'pod-subnet': subnet.meta({ description: 'Default 10.244.0.0/16; each node gets a /24 of it.' }).optional(),
          'service-subnet': subnet.meta({ description: 'Default 10.96.0.0/12.' }).optional(),
        }),
      ])
      .meta({ description: 'Kubernetes by kubeadm: a version, or e.g. { pod-subnet: 10.244.0.0/16 }.' })
      .optional(),
    flannel: z
      .union([
        version('flannel'),
        z.strictObject({
          version: version('flannel').optional(),
          on: placements('Where it runs; default [cloud].'),
          backend: z
            .enum(['vxlan', 'host-gw', 'udp'])
            .meta({ description: 'How it carries packets between nodes: vxlan (default), host-gw by plain routes on one wire, or udp.' })
            .optional(),
          store: z
            .enum(['kubernetes', 'etcd'])
            .meta({ description: 'Where it keeps who has which subnet: kubernetes (default), or an etcd for hosts without Kubernetes.' })
            .optional(),
          network: subnet.meta({ description: 'With store: etcd, what each host gets a /24 of; default 10.244.0.0/16.' }).optional(),
        }),
      ])
      .meta({
        description: 'The pod network: a version, or e.g. { on: [cloud, edge] }. Edges without it get a bridge from their own podCIDR.',
      })
      .optional(),
    'edge-cni': z
      .enum(['bridge', 'ptp'])
      .meta({ description: 'How pods of edges without flannel and FabEdge are wired: a bridge (default), or a wire of their own each.' })
      .optional(),
    'kube-proxy': z
      .strictObject({ on: placements('Where it runs; default: where flannel runs.') })
      .meta({ description: 'kube-proxy comes with Kubernetes; this says where it runs, e.g. { on: [cloud] }.' })
      .optional(),
    kubeedge: z
      .union([
        version('kubeedge'),
        z.strictObject({
          version: version('kubeedge').optional(),
          install: z
            .enum(['keadm', 'keadm-deprecated', 'binary'])
            .meta({ description: 'How: by keadm (default), or as services from the files of a release, by keadm deprecated or by hand.' })
            .optional(),
          'meta-server': z
            .boolean()
            .meta({ description: "Whether edges have the API server's objects at 127.0.0.1:10550; default true." })
            .optional(),
          expose: z
            .enum(['host', 'node-port'])
            .meta({
              description:
                "How edges find cloudcore: host (default), on its node's own ports 10000-10004, or node-port, on ports 30000-30004 of every cloud node.",
            })
            .optional(),
        }),
      ])
      .meta({ description: 'KubeEdge: a version, or e.g. { expose: node-port }.' })
      .optional(),
    'metrics-server': z
      .union([version('metrics-server'), z.strictObject({ version: version('metrics-server').optional() })])
      .meta({
        description: 'CPU and memory of nodes and pods for kubectl top, edges behind NATs included: a version, or a mapping with one.',
      })
      .optional(),
    registry: z
      .strictObject({ on: z.string().meta({ description: 'The node it runs on; default: the control plane.' }).optional() })
      .meta({ description: 'An image registry in the lab, port 5000 of a node; all nodes take images from it, e.g. { on: cloud }.' })
      .optional(),
    edgemesh: z
      .union([
        version('edgemesh'),
        z.strictObject({
          version: version('edgemesh').optional(),
          relays: z
            .array(z.string())
            .meta({ description: 'Nodes with a public address whose agents relay for others; default: the control plane.' })
            .optional(),
          psk: z.boolean().meta({ description: 'Whether agents share a key made for the lab; default true.' }).optional(),
          socks5: z.boolean().meta({ description: 'Whether each agent is a socks5 proxy too, port 10800; default false.' }).optional(),
          gateway: z
            .string()
            .meta({ description: 'Node with an edgemesh-gateway, for callers from outside the cluster; default: none.' })
            .optional(),
          cni: z
            .boolean()
            .meta({ description: 'Whether agents carry podIPs across LANs too (edgeCNI, since 1.15); default false.' })
            .optional(),
          'finder-period': z
            .int()
            .min(1)
            .max(3600)
            .meta({ description: 'Seconds between two looks for a relay; default 5, where EdgeMesh itself has 60.' })
            .optional(),
        }),
      ])
      .meta({ description: 'Services across NATs by EdgeMesh: a version, or e.g. { relays: [cloud], socks5: true }.' })
      .optional(),
    fabedge: z
      .union([
        version('fabedge'),
        z.strictObject({
          version: version('fabedge').optional(),
          connector: z
            .string()
            .meta({
              description:
                'Cloud node at which the tunnels end; default: the control plane. Behind a NAT, forward a port to its UDP port 4500.',
            })
            .optional(),
          mediator: z
            .boolean()
            .meta({ description: 'Whether the connector helps edges of a Community to punch holes into their NATs; default false.' })
            .optional(),
          communities: byName(z.array(z.string()), 'Edges with tunnels to each other, e.g. { all-edges: [edge-a1, edge-b1] }.').optional(),
        }),
      ])
      .meta({ description: 'IPsec tunnels from the edges to the cloud by FabEdge: a version, or e.g. { connector: gateway }.' })
      .optional(),
  })
  .meta({ description: 'What is installed on the nodes, e.g. { kubernetes: 1.32.5 }; what is not named is not installed.' });

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
    sites: byName(site, 'The sites by name, e.g. { cloud: { nodes: { cloud: { role: control-plane } } } }.'),
    links: z
      .array(siteLinkSchema)
      .meta({ description: 'Lines between two sites, beside the internet: regions of a cloud with their own delay between them.' })
      .optional(),
    install: install.optional(),
    workloads: byName(workload, 'Workloads by name, e.g. { echo: { on: each-node, port: 80 } }.').optional(),
    faults: faultsSchema.optional(),
  })
  .meta({ title: 'edgelab topology', description: 'A lab: an emulated internet, sites with nodes, and what is installed on them.' });

/** What a file says once its shape is known to be right. */
export type RawTopology = z.infer<typeof topologySchema>;
