/** The shape of `install:`: each component by a version, or by a mapping of what can be said of it. */
import { z } from 'zod';
import { versions, type Versioned } from '../lib/versions.ts';
import { subnet } from './ipv4-schema.ts';
import { byName } from './label-schema.ts';

const version = (component: Versioned) =>
  z.union([z.string(), z.number()]).meta({ enum: [...versions[component]], description: `Version; default ${versions[component][0]}.` });

const placement = z.enum(['cloud', 'edge']);
const placements = (description: string) =>
  z
    .union([placement, z.array(placement)])
    .meta({ description })
    .optional();

/** Components under the names that users write: `kube-proxy`, `metrics-server`. */
export const installSchema = z
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
    calico: z
      .union([
        version('calico'),
        z.strictObject({
          version: version('calico').optional(),
          encapsulation: z
            .enum(['none', 'vxlan'])
            .meta({
              description: 'How it carries packets between nodes: none (default), by routes from BGP, for nodes on one wire; or vxlan.',
            })
            .optional(),
        }),
      ])
      .meta({
        description:
          "The pod network of the cloud by Calico's published images, instead of flannel: a version, or e.g. { encapsulation: vxlan }.",
      })
      .optional(),
    weave: z
      .union([version('weave'), z.strictObject({ version: version('weave').optional() })])
      .meta({
        description: "The pod network of the cloud by Weave Net's published images, instead of flannel: a version, or a mapping with one.",
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
