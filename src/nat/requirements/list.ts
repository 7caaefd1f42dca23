/** What RFC 4787 (UDP), RFC 5382 (TCP) and RFC 5508 (ICMP) ask of a NAT, in our words, and what of it can be tried. */

/** One sentence of an RFC that a NAT can keep or break. */
export type Requirement = {
  /** Also the name of its test: `RFC4787-3a`. */
  id: string;
  level: 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'RECOMMENDED';
  text: string;
  /** Its test sends UDP. */
  udp?: true;
  /** Why there is no test. */
  untested?: string;
};

const udp = true;

/** Every one without `untested` has a test of its id in the tester. */
export const requirements: readonly Requirement[] = [
  { id: 'RFC4787-1', level: 'MUST', text: 'map a UDP endpoint to one outside endpoint, whoever it sends to', udp },
  { id: 'RFC4787-2', level: 'RECOMMENDED', text: 'of several outside addresses, keep to one for each host', udp },
  { id: 'RFC4787-3', level: 'MUST NOT', text: 'give two hosts the same outside endpoint at once', udp },
  { id: 'RFC4787-3a', level: 'RECOMMENDED', text: 'map ports below 1024 to such, and others to others', udp },
  { id: 'RFC4787-4', level: 'RECOMMENDED', text: 'map even ports to even ones, odd to odd', udp },
  { id: 'RFC4787-5', level: 'MUST NOT', text: 'end an idle mapping within two minutes', udp },
  { id: 'RFC4787-6', level: 'MUST', text: 'begin that time anew with each packet outwards', udp },
  {
    ...{ id: 'RFC4787-7', level: 'MUST', text: 'avoid or bear equal addresses inside and outside' },
    untested: 'no router of a lab takes its outside address from somebody else: topologies say all addresses, and equal ones are refused',
  },
  { id: 'RFC4787-8', level: 'RECOMMENDED', text: 'let in whoever asks, or whoever has been sent to, from any port', udp },
  { id: 'RFC4787-9', level: 'MUST', text: 'lead packets between hosts by their outside endpoints, from the outside address', udp },
  { id: 'RFC4787-10', level: 'SHOULD', text: 'leave addresses inside of messages alone', udp },
  { id: 'RFC4787-11', level: 'MUST', text: 'behave the same under all conditions, with ports taken too', udp },
  { id: 'RFC4787-12', level: 'MUST NOT', text: 'end a mapping because of an ICMP message', udp },
  { id: 'RFC4787-12a', level: 'SHOULD NOT', text: 'filter ICMP messages by where they come from', udp },
  { id: 'RFC4787-12b', level: 'RECOMMENDED', text: 'pass on "destination unreachable"', udp },
  {
    id: 'RFC4787-13',
    level: 'MUST',
    text: 'answer what is too large and not to be cut with "fragmentation needed", and cut the rest',
    udp,
  },
  { id: 'RFC4787-14', level: 'MUST', text: 'take fragments in any order', udp },
  { id: 'RFC5382-1', level: 'MUST', text: 'map a TCP endpoint to one outside endpoint, whoever it connects to' },
  { id: 'RFC5382-2', level: 'MUST', text: 'support every order of packets TCP allows: open, half-close' },
  { id: 'RFC5382-2a', level: 'MUST', text: 'support the simultaneous open' },
  { id: 'RFC5382-2-late', level: 'MUST', text: 'let in the SYN of a server that did not answer one, and let the host answer it' },
  { id: 'RFC5382-3', level: 'RECOMMENDED', text: 'let in whoever connects, or whoever has been connected to, from any port' },
  { id: 'RFC5382-4', level: 'MUST NOT', text: 'answer an unsolicited SYN within six seconds' },
  { id: 'RFC5382-5', level: 'MUST NOT', text: 'end an idle open connection within 2 h 4 min' },
  { id: 'RFC5382-5-transitory', level: 'MUST NOT', text: 'end one that opens or closes within four minutes' },
  { id: 'RFC5382-6', level: 'RECOMMENDED', text: 'leave addresses inside of messages alone' },
  { id: 'RFC5382-7', level: 'MUST NOT', text: 'give two hosts the same outside endpoint at once' },
  { id: 'RFC5382-8', level: 'MUST', text: 'lead connections between hosts by their outside endpoints, from the outside address' },
  { id: 'RFC5382-9', level: 'SHOULD', text: 'pass on "destination unreachable"' },
  { id: 'RFC5382-10', level: 'MUST NOT', text: 'end a mapping or a connection because of an ICMP message' },
  { id: 'RFC5508-1', level: 'MUST', text: 'let pings out and their answers in' },
  { id: 'RFC5508-1a', level: 'SHOULD', text: 'map the id of a ping the same, whoever it is for' },
  { id: 'RFC5508-2', level: 'MUST NOT', text: 'forget a ping within 60 s' },
  { id: 'RFC5508-3', level: 'SHOULD', text: 'drop ICMP errors with a wrong checksum', udp },
  { id: 'RFC5508-3a', level: 'SHOULD', text: 'drop ICMP errors that quote a header with a wrong checksum', udp },
  { id: 'RFC5508-4', level: 'SHOULD', text: 'drop ICMP errors from outside about no mapping', udp },
  { id: 'RFC5508-4abc', level: 'MUST', text: 'translate back what ICMP errors from outside quote', udp },
  { id: 'RFC5508-5', level: 'MUST', text: 'translate ICMP errors of hosts, and what they quote', udp },
  { id: 'RFC5508-6', level: 'MUST NOT', text: 'begin anew or end the time of a mapping because of an ICMP error', udp },
  { id: 'RFC5508-7', level: 'MUST', text: 'pass on ICMP errors between hosts that talk by their outside endpoints', udp },
  { id: 'RFC5508-8', level: 'SHOULD', text: 'say "administratively prohibited" where policy or a lack of ports forbids a flow', udp },
  {
    ...{ id: 'RFC5508-9', level: 'SHOULD', text: '(a permission to send no ICMP to some interfaces)' },
    untested: 'it permits, and asks for nothing',
  },
  { id: 'RFC5508-10', level: 'MUST', text: 'answer for itself: time exceeded, and pass on that of others', udp },
  {
    ...{ id: 'RFC5508-11', level: 'SHOULD', text: '(a permission to drop ICMP that is neither query nor error)' },
    untested: 'it permits, and asks for nothing',
  },
];
