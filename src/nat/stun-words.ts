/** What STUN tools say about a NAT, read as the axes of a topology: those of RFC 5780 (coturn, stuntman, pion), and the older ones of RFC 3489. */
import type { Dependence } from '../model/nat.ts';
import { readClassicWords } from './classic-words.ts';
import type { StunWords } from './write-nat-yaml.ts';

const dependence = String.raw`(endpoint[- ]independent|address[- ]and[- ]port[- ]dependent|address[- ]dependent)`;

/** Empty where the text says nothing of a NAT. Words of RFC 5780 count before those of RFC 3489, which mean less. */
export const readStunWords = (text: string): StunWords => {
  const mapping = readMapping(text);
  const filtering = readDependence(text, 'filter');
  const ports = readPorts(text);
  const hairpinning = readHairpinning(text);
  return {
    ...readClassicWords(text),
    ...(mapping && { mapping }),
    ...(filtering && { filtering }),
    ...(ports && { ports }),
    ...(hairpinning !== undefined && { hairpinning }),
    ...(/\bno nat\b|direct mapping/i.test(text) && { translates: false as const }),
    ...(heardNothing(text) && { blocked: true as const }),
  };
};

/** `NAT with Address Dependent Mapping!`, `Nat behavior: Address Dependent Mapping`, `NAT mapping behavior: address dependent`. */
const readDependence = (text: string, what: 'mapp' | 'filter'): Dependence | undefined => {
  const found =
    new RegExp(String.raw`${dependence} ${what}ing`, 'i').exec(text)?.[1] ??
    new RegExp(String.raw`${what}ing(?: behaviou?r)?: ${dependence}`, 'i').exec(text)?.[1];
  return found?.toLowerCase().replaceAll(' ', '-') as Dependence | undefined;
};

/** What coturn prints below one of its headings. */
const section = (text: string, heading: string): string =>
  new RegExp(String.raw`-= ${heading} Behavior Discovery =-([^]*?)(?:-= |$)`).exec(text)?.[1] ?? '';

/**
 * coturn's third request goes back to the first address with the other port, so it calls address-dependent mapping
 * address-and-port-dependent; but it shows what each request saw.
 */
const readMapping = (text: string): Dependence | undefined => {
  const said = readDependence(text, 'mapp');
  const [first, second, third] = [...section(text, 'Mapping').matchAll(/UDP reflexive addr: (\S+)/g)].map(([, endpoint]) => endpoint);
  return said === 'address-and-port-dependent' && first !== undefined && first === third && first !== second ? 'address-dependent' : said;
};

const outsideEndpoint = /(?:reflexive addr|mapped[- ]address)[ :]*\S*:(\d+)/i;

/** Whether the first outside port is the local one, where a tool shows both; otherwise Vovida's words. */
const readPorts = (text: string): StunWords['ports'] => {
  if (/preserves ports/i.test(text)) return 'preserve';
  if (/random port/i.test(text)) return 'random';
  const port = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const local = port(/local addr(?:ess)?:[ :]*\S*:(\d+)/i);
  const outside = port(outsideEndpoint);
  if (local === undefined || outside === undefined) return undefined;
  return local === outside ? 'preserve' : 'random';
};

const heardNothing = (text: string): boolean =>
  /STUN receive timeout|Timed out waiting for response|Binding test: fail/.test(text) && !outsideEndpoint.test(text);

/** Vovida says it; coturn shows whether its own request came back, once it knows the address it sends to. */
const readHairpinning = (text: string): boolean | undefined => {
  if (/\bno hairpin/i.test(text)) return false;
  if (/will hairpin/i.test(text)) return true;
  const tried = section(text, 'Hairpinning');
  return tried.includes('UDP reflexive addr') ? tried.includes('Received a request') : undefined;
};
