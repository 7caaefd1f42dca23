/** Captures as tcpdump says them: the arguments that make the text, and the reader of that text (tcpdump 4.99, `-i any`). */
import type { Layer, Packet } from './packet.ts';

/** UDP ports of VXLAN: flannel's, which tcpdump calls OTV, with the same header, and that of RFC 7348 §5, which Calico takes. */
const vxlanPorts = [8472, 4789];

/** Offsets behind a VXLAN port: UDP 8 + VXLAN 8 + Ethernet 14 + IPv4 without options. */
const innerProtocol = 'udp[39]';
const innerTcpFlags = 'udp[63]';
const opensOrEnds = 'tcp-syn|tcp-rst';

/**
 * BPF filter: what opens or refuses a connection to one of the TCP ports, what goes to or comes from one of the UDP ports,
 * DNS and ICMP, plain or inside VXLAN; of IPv6 pings, which is how hosts are asked.
 * Data segments are left out, so a capture stays small and never holds what applications say; `more` adds filters.
 */
export const captureFilter = (tcpPorts: readonly number[], more: readonly string[] = [], udpPorts: readonly number[] = []): string => {
  const ports = [...new Set(tcpPorts)].toSorted((a, b) => a - b).map((port) => `tcp port ${port}`);
  const plain = ports.length > 0 ? [`((${ports.join(' or ')}) and tcp[tcpflags] & (${opensOrEnds}) != 0)`] : [];
  const inner = `(${innerProtocol} = 1 or ${innerProtocol} = 17 or (${innerProtocol} = 6 and ${innerTcpFlags} & 6 != 0))`;
  const datagrams = [...new Set(udpPorts)].toSorted((a, b) => a - b).map((port) => `udp port ${port}`);
  return [
    ...plain,
    ...datagrams,
    'icmp',
    echo6,
    'udp port 53',
    `((${vxlanPorts.map((port) => `udp port ${port}`).join(' or ')}) and ${inner})`,
    ...more,
  ].join(' or ');
};

/** Type of the ICMPv6 message, behind an IPv6 header without extensions: echo request and reply (RFC 4443 §4). */
const echo6 = '(icmp6 and (ip6[40] = 128 or ip6[40] = 129))';

/** Bytes kept of each packet: an ICMP error that quotes VXLAN with a TCP header inside is 158 long. */
const snapLength = 256;

/** Writes at most `packets` packets of all interfaces to `file`; it says "listening on" on stderr when it has begun. */
export const captureArgv = (file: string, filter: string, packets: number): string[] => [
  'tcpdump',
  '-n',
  '-i',
  'any',
  '-s',
  String(snapLength),
  '-U',
  '--immediate-mode',
  '-Z',
  'root',
  '-c',
  String(packets),
  '-w',
  file,
  filter,
];

/** Whole packets of one interface (`any` is all) on stdout, each as soon as it is seen; "listening on" comes on stderr. */
export const streamArgv = (interfaceName: string, filter: string): string[] => [
  ...['tcpdump', '-n', '-i', interfaceName, '-s', '0', '-U', '--immediate-mode', '--time-stamp-precision=nano', '-Z', 'root', '-w', '-'],
  ...(filter === '' ? [] : ['--', filter]),
];

/** Says a capture file as text: absolute sequence numbers, seconds since the epoch, headers in full. */
export const readArgv = (file: string): string[] => ['tcpdump', '-n', '-tt', '-v', '-S', '-r', file];

/** Packets of one capture in their order; what is neither IPv4 nor an IPv6 ping, or was cut too short to read, is left out. */
export const parseCapture = (at: string, text: string): Packet[] =>
  text
    .split(/^(?=\d+\.\d{6} )/m)
    .map((record) => parseRecord(at, record))
    .filter((packet) => packet !== undefined);

const recordHead = /^(\d+\.\d{6}) (\S+)\s+(In|Out|B|M|P)\s+(IP6? \([\s\S]*)$/;

const parseRecord = (at: string, record: string): Packet | undefined => {
  const match = recordHead.exec(record);
  if (!match) return undefined;
  const [, time = '', name = '', direction = '', rest = ''] = match;
  const [first, ...others] = parseLayers(rest);
  if (!first) return undefined;
  return {
    at,
    interface: name,
    // P, M and B came in too: for another host (a bridge's port), for a group, for all
    direction: direction === 'Out' ? 'out' : 'in',
    time: Number(time),
    layers: [first, ...others],
    raw: record.trim().replaceAll(/\s*\n\s*/g, ' | '),
  };
};

/** Each IP header is a line with its facts in brackets, then a line `source > target: content`. */
const layer = /IP \(tos [^\n]*, proto (\w+) \(\d+\), length \d+[^\n]*\)\n\s+(\S+) > (\S+): ([^\n]*)/g;

/** An IPv6 header is on one line with its content. */
const ping6 =
  /^IP6 \([^\n]*next-header ICMPv6 \(58\) payload length: (\d+)\) (\S+) > (\S+): (?:\[[^\]]*\] )?ICMP6, echo (request|reply), id (\d+),/;

const parseLayers = (text: string): Layer[] => {
  const [, length, src = '', dst = '', word, id] = ping6.exec(text) ?? [];
  return word === undefined
    ? parseLayers4(text)
    : [{ kind: 'echo', src, dst, reply: word === 'reply', id: Number(id), length: Number(length) }];
};

const parseLayers4 = (text: string): Layer[] =>
  [...text.matchAll(layer)].map(([, protocol = '', from = '', to = '', content = '']) => parseLayer(protocol, from, to, content));

const parseLayer = (protocol: string, from: string, to: string, content: string): Layer => {
  const source = parseEnd(from);
  const target = parseEnd(to);
  const ends = { src: source.address, dst: target.address };
  const ports = { sport: source.port, dport: target.port };
  if (protocol === 'TCP') return { kind: 'tcp', ...ends, ...ports, ...parseTcp(content) };
  if (protocol === 'UDP') return { ...ends, ...ports, ...parseUdp(content) };
  if (protocol === 'ICMP') return { ...ends, ...parseIcmp(content) };
  return { kind: 'other', ...ends };
};

const parseEnd = (text: string): { address: string; port: number } => {
  const [a, b, c, d, port] = text.split('.');
  return { address: [a, b, c, d].join('.'), port: Number(port ?? 0) };
};

const parseTcp = (content: string) => {
  const flags = /^Flags \[([^\]]*)\]/.exec(content)?.[1] ?? '';
  const seq = /, seq (\d+)/.exec(content)?.[1];
  const ack = /, ack (\d+)/.exec(content)?.[1];
  return { flags, ...(seq === undefined ? {} : { seq: Number(seq) }), ...(ack === undefined ? {} : { ack: Number(ack) }) };
};

type Udp = { kind: 'udp'; length?: number } | { kind: 'vxlan'; vni: number } | { kind: 'dns'; id: number; name?: string; answer?: string };

const parseUdp = (content: string): Udp => {
  const tunnel = /^(?:OTV|VXLAN), flags .*(?:instance|vni) (\d+)/.exec(content);
  if (tunnel) return { kind: 'vxlan', vni: Number(tunnel[1]) };
  const query = /^(?:\[[^\]]*\] )?(\d+)\S*(?: \[[^\]]*\])* A+\? (\S+?)\.? /.exec(content);
  if (query) return { kind: 'dns', id: Number(query[1]), name: query[2] ?? '' };
  // `39622*- 1/0/0 name. A 10.96.0.1 (110)`, `39622 NXDomain*- 0/1/0 (145)`
  const answer = /^(?:\[[^\]]*\] )?(\d+)(?: (\w+))?[*|$%-]*(?: \[[^\]]*\])* (\d+\/\d+\/\d+.*)$/.exec(content);
  const length = /^UDP, length (\d+)/.exec(content)?.[1];
  return answer
    ? { kind: 'dns', id: Number(answer[1]), answer: `${answer[2] ?? ''} ${answer[3] ?? ''}`.trim() }
    : { kind: 'udp', ...(length === undefined ? {} : { length: Number(length) }) };
};

type Icmp = { kind: 'echo'; reply: boolean; id: number; length: number } | { kind: 'icmp-error'; says: string } | { kind: 'other' };

const parseIcmp = (content: string): Icmp => {
  const echo = /^ICMP echo (request|reply), id (\d+), seq \d+, length (\d+)/.exec(content);
  if (echo) return { kind: 'echo', reply: echo[1] === 'reply', id: Number(echo[2]), length: Number(echo[3]) };
  const error = /^ICMP (.*(?:unreachable|exceeded|prohibited|filtered|redirect).*?), length \d+/.exec(content);
  return error ? { kind: 'icmp-error', says: error[1] ?? '' } : { kind: 'other' };
};
