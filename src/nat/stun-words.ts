/** What STUN tools say about a NAT, read as the axes of a topology: coturn's natdiscovery, stuntman's stunclient, pion's, and their like. */
import type { Dependence, NatBehaviour } from '../model/lab.ts';
import { natPresets } from './presets.ts';

/** What was said; an axis that the text is silent about is absent. */
export type StunWords = {
  mapping?: Dependence;
  filtering?: Dependence;
  ports?: 'preserve' | 'random';
  hairpinning?: boolean;
  translates?: false;
};

const dependence = String.raw`(endpoint[- ]independent|address and port[- ]dependent|address[- ]and[- ]port[- ]dependent|address[- ]dependent)`;

export const readStunWords = (text: string): StunWords => {
  const mapping = readMapping(text);
  const filtering = readDependence(text, 'filter');
  const ports = readPorts(text);
  const hairpinning = readHairpinning(text);
  return {
    ...(mapping && { mapping }),
    ...(filtering && { filtering }),
    ...(ports && { ports }),
    ...(hairpinning !== undefined && { hairpinning }),
    ...(/\bno nat\b|direct mapping/i.test(text) && { translates: false as const }),
  };
};

/** `NAT with Address Dependent Mapping!`, `Nat behavior: Address Dependent Mapping`, `NAT mapping behavior: address dependent`. */
const readDependence = (text: string, what: 'mapp' | 'filter'): Dependence | undefined => {
  const found =
    new RegExp(String.raw`${dependence} ${what}ing`, 'i').exec(text)?.[1] ??
    new RegExp(String.raw`${what}ing(?: behaviou?r)?: ${dependence}`, 'i').exec(text)?.[1];
  return found?.toLowerCase().replaceAll(' ', '-') as Dependence | undefined;
};

/**
 * coturn's third request goes back to the first address with the other port, so it calls address-dependent mapping
 * address-and-port-dependent; but it shows what each request saw.
 */
const readMapping = (text: string): Dependence | undefined => {
  const said = readDependence(text, 'mapp');
  const section = /-= Mapping Behavior Discovery =-([^]*?)(?:-= |$)/.exec(text)?.[1] ?? '';
  const [first, second, third] = [...section.matchAll(/UDP reflexive addr: (\S+)/g)].map(([, endpoint]) => endpoint);
  return said === 'address-and-port-dependent' && first !== undefined && first === third && first !== second ? 'address-dependent' : said;
};

/** Whether the first outside port is the local one, where a tool shows both; `preserves ports` is Vovida's word. */
const readPorts = (text: string): StunWords['ports'] => {
  if (/preserves ports/i.test(text)) return 'preserve';
  const port = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const local = port(/local addr(?:ess)?:[ :]*\S*:(\d+)/i);
  const outside = port(/(?:reflexive addr|mapped[- ]address)[ :]*\S*:(\d+)/i);
  if (local === undefined || outside === undefined) return undefined;
  return local === outside ? 'preserve' : 'random';
};

const readHairpinning = (text: string): boolean | undefined => {
  if (/no hairpin|hairpin\w*(?: is)? not supported|without hairpin/i.test(text)) return false;
  return /will hairpin|hairpin\w*(?: is)? supported|with hairpin|supports? hairpin/i.test(text) ? true : undefined;
};

/** The text of `nat:` for a topology, with what is not known as comments. Undefined when neither mapping nor filtering was said. */
export const writeNatYaml = (words: StunWords): string | undefined => {
  const { mapping, filtering, ports, hairpinning, translates } = words;
  if (translates === false)
    return filtering === undefined || filtering === 'endpoint-independent'
      ? 'nat: none # the tool saw no translation\n'
      : 'nat: firewall # no translation, but not everybody gets in\n';
  if (mapping === undefined && filtering === undefined) return undefined;
  const unknown = (axis: string, why: string): string => `  # ${axis}: ${why}`;
  const like = nearestPresets(words);
  return [
    `nat:${like.length > 0 ? ` # as ${like.join(', ')}` : ''}`,
    mapping === undefined ? unknown('mapping', 'not said, and needed') : `  mapping: ${mapping}`,
    filtering === undefined ? unknown('filtering', 'not said, and needed') : `  filtering: ${filtering}`,
    ports === undefined ? unknown('ports', 'not said; preserve unless told otherwise') : `  ports: ${ports}`,
    hairpinning === undefined ? unknown('hairpinning', 'not said; false unless told otherwise') : `  hairpinning: ${hairpinning}`,
    unknown('timeouts', 'not measured by these tools; { udp: 30, tcp: 7440 } unless told otherwise'),
    '',
  ].join('\n');
};

/** Presets that agree with all that was said. */
const nearestPresets = ({ mapping, filtering, ports, hairpinning }: StunWords): string[] => {
  const fits = (behaviour: NatBehaviour): boolean =>
    behaviour.kind === 'rfc4787' &&
    behaviour.blocksUdp !== true &&
    (mapping === undefined || behaviour.mapping === mapping) &&
    (filtering === undefined || behaviour.filtering === filtering) &&
    (ports === undefined || (behaviour.ports === 'preserve') === (ports === 'preserve')) &&
    (hairpinning === undefined || behaviour.hairpinning === hairpinning);
  return natPresets.flatMap(({ name, behaviour }) => (fits(behaviour) ? [name] : []));
};
