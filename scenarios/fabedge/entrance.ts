/** A connector behind a NAT that publishes one UDP port of its own choice. */
import type { Expect, LabHandle, NodeHandle } from 'edgelab';
import { cast, findConnector } from './cast.ts';
import { evidenceOf, type Entrance } from './tunnels.ts';

/** Where the topology's forward leads to the connector's port 4500. */
export const findEntrance = async (lab: LabHandle): Promise<Entrance> => {
  const { site } = await findConnector(lab);
  return { address: lab.router(site).wan, port: 45_000 };
};

/**
 * Asks for IKE version 3, which nobody speaks: whoever speaks IKE says so (RFC 7296 section 2.5). Four zero bytes before it
 * tell it from ESP (RFC 3948 section 2.2), but not on port 500.
 */
const askIke = String.raw`
my ($to, $port) = @ARGV;
socket(my $s, PF_INET, SOCK_DGRAM, 0) or die $!;
my $ike = pack 'a8 a8 C4 N2', 'edgelab!', "\0" x 8, 33, 0x30, 34, 8, 0, 28;
send $s, ($port == 500 ? '' : "\0" x 4) . $ike, 0, sockaddr_in($port, inet_aton($to)) or die $!;
vec(my $ready = '', fileno $s, 1) = 1;
print select($ready, undef, undef, 2) > 0 ? 'answer' : 'silence';
`;

export const checkEntrance = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const [connector, entrance] = await Promise.all([findConnector(lab), findEntrance(lab)]);
  const router = lab.router(connector.site);
  const { stdout: options } =
    await lab.kubectl`get deployment fabedge-operator -n fabedge -o ${'jsonpath={.spec.template.spec.containers[0].args}'}`;
  for (const option of [`--connector-public-addresses=${entrance.address}`, `--connector-public-port=${String(entrance.port)}`]) {
    expect.that(options.includes(`"${option}"`), `operator told ${option}`, {
      ...{ from: connector.name, claims: ['S004-8', 'S004-9'] },
      how: `the outside of ${router.name}, not the connector's own ${connector.address}`,
    });
  }
  const edges = cast(lab).edges;
  const [edge = connector] = edges;
  await askPorts(expect, edge, entrance);
  const { stdout: told } = await edge.$({ nothrow: true })`perl -MSocket -e ${askIke} ${connector.address} 4500`;
  expect.equal(told, 'silence', `IKE at the connector's own address`, {
    ...{ from: edge.name, claims: ['S004-9'] },
    how: `${connector.address} is an address of site ${connector.site}: edges must be told the outside one`,
  });
  const sas = await lab.sas(connector.name);
  // the questions asked here have flows too
  const ends = sas.map(({ remote }) => ` src=${remote.address} dst=${entrance.address} sport=${String(remote.port)} `);
  const { lines } = await router.$`conntrack -L -p udp -d ${entrance.address} 2>/dev/null`;
  const flows = lines.filter((line) => ends.some((end) => line.includes(end)));
  const astray = flows.filter(
    (line) =>
      !line.includes(` dport=${String(entrance.port)} src=${connector.address} `) || !/ sport=4500 dport=\d+ (?:\[|mark)/.test(line),
  );
  expect.equal(
    `${String(flows.length)} flows, ${String(astray.length)} elsewhere`,
    `${String(edges.length)} flows, 0 elsewhere`,
    'IKE and ESP through the router',
    {
      ...{ from: router.name, claims: ['S004-6', 'S004-7'] },
      how: `one flow for each edge, all to ${String(entrance.port)} outside and ${connector.address}:4500 inside, none to 500`,
      evidence: flows.map((raw) => ({ at: `${router.name} conntrack`, saw: 'a flow of IKE and ESP', raw })),
    },
  );
  expect.equal(
    [...new Set(sas.map(({ local }) => `${local.address}[${String(local.port)}]`))].join(', '),
    `${connector.address}[4500]`,
    "the connector's own end",
    {
      ...{ from: connector.name, claims: ['S004-7'] },
      how: 'it never learns of the outside port',
      evidence: evidenceOf(connector.name, sas),
    },
  );
};

/** Only what the operator is told is published: the ports that IKE has by itself lead nowhere. */
const askPorts = async (expect: Expect, edge: NodeHandle, { address, port }: Entrance): Promise<void> => {
  await Promise.all(
    [500, 4500, port].map(async (asked) => {
      const { stdout } = await edge.$({ nothrow: true })`perl -MSocket -e ${askIke} ${address} ${String(asked)}`;
      expect.equal(stdout, asked === port ? 'answer' : 'silence', `IKE at ${address}:${String(asked)}`, {
        ...{ from: edge.name, claims: asked === port ? ['S004-6'] : ['S004-5'] },
        how: asked === port ? 'the router forwards it to port 4500 of the connector' : 'the router does not forward it',
      });
    }),
  );
};

/** The connector's port is a property of its own; nothing says one of an edge. */
export const checkEdgePorts = async (lab: LabHandle, expect: Expect): Promise<void> => {
  const { port } = await findEntrance(lab);
  await Promise.all(
    cast(lab).edges.map(async ({ name }) => {
      const { stdout } =
        await lab.kubectl`get configmap -n fabedge ${`fabedge-agent-config-${name}`} -o ${'jsonpath={.data.tunnels\\.yaml}'}`;
      const ports = [...stdout.matchAll(/^ *port: (\d+)$/gm)].map(([, number]) => number);
      const ends = [...stdout.matchAll(/^ *(?:- )?name: (\S+)$/gm)].length;
      expect.equal(ports.join(', '), String(port), 'ports that the edge is told', {
        ...{ from: name, claims: ['S004-19', 'S004-20'] },
        how: `its configuration has ${String(ends)} ends of tunnels, and a port only for the connector`,
        evidence: [{ at: 'ConfigMap of the agent', saw: `${String(ends)} ends`, raw: stdout }],
      });
    }),
  );
};
