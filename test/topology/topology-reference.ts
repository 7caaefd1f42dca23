/** docs/reference/topology.md as text, from the JSON Schema, the registries and an example. */
import type { NatPreset } from '../../src/nat/nat.ts';

/** The part of JSON Schema that topologyJsonSchema uses. */
type Schema = {
  description?: string;
  type?: string | string[];
  enum?: string[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
};

export type Facts = { schema: object; example: string; presets: readonly NatPreset[]; versions: Record<string, readonly string[]> };

export const makeTopologyReference = ({ schema, example, presets, versions }: Facts): string => `# Topology files

<!-- Generated from src/topology and src/nat; \`npm run update\` writes it anew. -->

A topology is a YAML file that declares one lab. \`edgelab validate FILE\` reports every problem in it at once; the
[errors](errors.md) are listed with examples. Editors that know JSON Schema complete and check it when it begins with

\`\`\`yaml
# yaml-language-server: $schema=../schemas/topology.schema.json
\`\`\`

An example, \`topologies/two-lans.yaml\`:

\`\`\`yaml
${example.trim()}
\`\`\`

## Keys

| key | value | meaning |
| --- | --- | --- |
${listKeys(schema, '').join('\n')}

## Sites

A site without \`subnet\` and \`nat\` sits on the emulated internet: its nodes have public addresses. A site with both is a
LAN behind a router of its own, called \`<site>-router\`. LANs may have the same subnet, as in real life; only LANs with
\`nat: none\` or \`firewall\`, whose addresses are seen outside, may not, and theirs may not be private.

With \`uplink: isp\` the router of a site is in the LAN of site \`isp\` instead of on the internet, to any depth: a home
behind a carrier-grade NAT. A LAN may overlap any other but the one its router is in.

\`forwards\` lead ports of the router's outside address to a node of the site, or to the router of a site further in:
\`udp 45000 -> edge-a1:4500\`, \`tcp 10000-10004 -> cloud:30000-30004\`, \`tcp 443 -> home-router\` (the same port). From the LAN
they are reached too where the NAT hairpins.

## NAT presets

| preset | also | devices that behave so |
| --- | --- | --- |
${presets.map(({ name, aliases, like }) => `| \`${name}\` | ${aliases.map((alias) => `\`${alias}\``).join(', ')} | ${like} |`).join('\n')}

Instead of a preset, \`nat\` may be a mapping of the axes of RFC 4787; \`mapping\` and \`filtering\` are then required, unless
\`like\` names a preset that gives what is not said: \`{ like: home-router, ports: sequential, timeouts: { udp: 60 } }\`.
With \`one-to-one\` and \`exposed-host\` every node of the site has an outside address of its own.

## Addresses

| who | address |
| --- | --- |
| core router of the internet, also the lab's DNS server | the first host address of the internet |
| outside of site routers, on the internet or in the LAN of their uplink | host 2 and up to 9, then from the end of the subnet down |
| nodes on the internet | host 10 and up |
| site router, inside | the first host address of the LAN |
| nodes of a LAN | host 11 and up; 2 to 10 when the subnet ends before |

Addresses are given in the order of the file, so a node or site added at the end changes no other address. An
\`address\` is kept as written; nodes below it go around it, and it may not be one that a node above already got.

## Versions

| component | versions, the default first |
| --- | --- |
${Object.entries(versions)
  .map(([component, list]) => `| ${component} | ${list.join(', ')} |`)
  .join('\n')}
`;

const listKeys = (schema: Schema, prefix: string): string[] => {
  const rows: string[] = [];
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const required = schema.required?.includes(key) ? '**required.** ' : '';
    rows.push(`| \`${path}\` | ${describeValue(value)} | ${required}${value.description ?? ''} |`, ...listNested(value, path));
  }
  return rows;
};

const listNested = (schema: Schema, path: string): string[] => {
  if (typeof schema.additionalProperties === 'object') {
    const { additionalProperties: each } = schema;
    return [`| \`${path}.<name>\` | mapping | ${each.description ?? ''} |`, ...listKeys(each, `${path}.<name>`)];
  }
  return [...listKeys(schema, path), ...(schema.anyOf ?? []).flatMap((branch) => listKeys(branch, path))];
};

const describeValue = (schema: Schema): string => {
  if (schema.anyOf) return [...new Set(schema.anyOf.map(describeValue))].join(' or ');
  if (schema.type === 'object') return 'mapping';
  if (schema.type === 'array') return `list of ${describeValue(schema.items ?? {})}`;
  // Presets with their aliases have a table of their own.
  if (schema.enum) return schema.enum.length > 6 ? 'preset' : schema.enum.map((word) => `\`${word}\``).join(', ');
  return schema.type === 'string' ? 'text' : schema.type === 'integer' ? 'whole number' : String(schema.type);
};
