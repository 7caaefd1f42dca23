/** Reads `swanctl --list-sas`: which IPsec tunnels stand, between whom, for which subnets, and what went through them. */

/** One end of an IKE SA: its certificate's name, and where it is seen from here. */
type SaEnd = { id: string; address: string; port: number };

/** One ESP SA: its SPI in hex as swanctl prints it, and what went through it so far. */
type Counter = { spi: string; bytes: number; packets: number };

/** A pair of ESP SAs for one pair of traffic selectors (RFC 7296 section 1.3). */
export type ChildSa = {
  name: string;
  state: string;
  /** `TUNNEL`, or `TUNNEL-in-UDP` where NAT traversal wraps it (RFC 3948). */
  mode: string;
  /** `AES_GCM_16-128`. */
  esp: string;
  rekeyingInSeconds?: number;
  expiresInSeconds?: number;
  in: Counter;
  out: Counter;
  /** Traffic selectors, subnets. */
  local: string[];
  remote: string[];
};

/** One IKE SA between the node and a peer, with the child SAs under it. `state` is strongSwan's word: `ESTABLISHED`, `CONNECTING`, … */
export type IkeSa = {
  /** Name of the connection; FabEdge takes that of the other end. */
  name: string;
  state: string;
  /** `IKEv2`. */
  version: string;
  /** True where this side began. */
  initiator: boolean;
  local: SaEnd;
  remote: SaEnd;
  /** `AES_CBC-128/HMAC_SHA2_256_128/…`. */
  proposal: string;
  rekeyingInSeconds?: number;
  children: ChildSa[];
  /** Its lines as swanctl printed them. */
  raw: string;
};

const patterns = {
  ike: /^(\S.*): #\d+, (\w+), (IKEv\d), \S+_i(\*?) \S+_r\*?$/,
  end: /^ {2}(local|remote) +'([^']*)' @ ([^[\s]+)\[(\d+)\]/,
  rekeying: /rekeying in (\d+)s/,
  expires: /expires in (\d+)s/,
  child: /^ {2}(\S+): #\d+, reqid \d+, (\w+), (\S+), ESP:(\S+)$/,
  counter: /^ {4}(in|out) +([0-9a-f]+).*?, +(\d+) bytes, +(\d+) packets/,
  selectors: /^ {4}(local|remote) +(\S.*)$/,
} as const;

/** One entry for each IKE SA, in swanctl's order; lines it does not know are skipped. */
export const parseSas = (text: string): IkeSa[] => {
  const blocks: string[][] = [];
  for (const line of text.split('\n').map((one) => one.trimEnd())) {
    if (patterns.ike.test(line)) blocks.push([line]);
    else if (line !== '') blocks.at(-1)?.push(line);
  }
  return blocks.map(readIke);
};

const nowhere: SaEnd = { id: '', address: '', port: 0 };

const readIke = (lines: string[]): IkeSa => {
  const [head = '', ...rest] = lines;
  const [, name = '', state = '', version = '', star = ''] = patterns.ike.exec(head) ?? [];
  const sa: IkeSa = {
    ...{ name, state, version, initiator: star === '*', local: nowhere, remote: nowhere, proposal: '', children: [] },
    raw: lines.join('\n'),
  };
  for (const line of rest) readLine(sa, line);
  return sa;
};

const readLine = (sa: IkeSa, line: string): void => {
  const child = patterns.child.exec(line);
  if (child) {
    const [, name = '', state = '', mode = '', esp = ''] = child;
    sa.children.push({ name, state, mode, esp, in: noCounter, out: noCounter, local: [], remote: [] });
    return;
  }
  const current = sa.children.at(-1);
  if (current) readChildLine(current, line);
  else readIkeLine(sa, line);
};

const noCounter: Counter = { spi: '', bytes: 0, packets: 0 };

const readIkeLine = (sa: IkeSa, line: string): void => {
  const [, side, id = '', address = '', port] = patterns.end.exec(line) ?? [];
  if (side === 'local' || side === 'remote') sa[side] = { id, address, port: Number(port) };
  else if (line.includes('established')) Object.assign(sa, seconds('rekeyingInSeconds', patterns.rekeying, line));
  else if (line.includes('/')) sa.proposal = line.trim();
};

const readChildLine = (child: ChildSa, line: string): void => {
  const [, way, spi = '', bytes, packets] = patterns.counter.exec(line) ?? [];
  const [, side, subnets = ''] = patterns.selectors.exec(line) ?? [];
  if (way === 'in' || way === 'out') child[way] = { spi, bytes: Number(bytes), packets: Number(packets) };
  else if (side === 'local' || side === 'remote') child[side] = subnets.split(' ').filter((one) => one !== '');
  else {
    Object.assign(child, seconds('rekeyingInSeconds', patterns.rekeying, line), seconds('expiresInSeconds', patterns.expires, line));
  }
};

const seconds = (name: string, pattern: RegExp, line: string): Record<string, number> => {
  const found = pattern.exec(line)?.[1];
  return found === undefined ? {} : { [name]: Number(found) };
};
