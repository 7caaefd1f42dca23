/** What was learnt about a NAT, as `nat:` of a topology. */
import type { Dependence, NatBehaviour } from '../model/nat.ts';
import { natPresets } from './presets.ts';

/** What was said; an axis that the text is silent about is absent. */
export type StunWords = {
  mapping?: Dependence;
  filtering?: Dependence;
  ports?: 'preserve' | 'random';
  hairpinning?: boolean;
  translates?: false;
  /** No answer ever came: UDP is blocked, or the server is not there. */
  blocked?: true;
  /** Axes that were not measured: RFC 3489's words for a NAT stand for more than its tests look at. */
  assumed?: readonly ('mapping' | 'filtering')[];
};

/** The text of `nat:`, with what is not known as comments. Undefined when nothing was said that makes a NAT. */
export const writeNatYaml = (words: StunWords): string | undefined => {
  const { mapping, filtering, ports, hairpinning, translates, blocked, assumed = [] } = words;
  if (blocked) return 'nat: udp-blocked # no answer came; if UDP does get out, ask a STUN server that answers\n';
  if (translates === false)
    return filtering === undefined || filtering === 'endpoint-independent'
      ? 'nat: none # the tool saw no translation\n'
      : 'nat: firewall # no translation, but not everybody gets in\n';
  if (mapping === undefined && filtering === undefined) return undefined;
  const like = nearestPresets(words);
  const axis = (name: string, value: string | boolean | undefined, otherwise: string, remark = ''): string =>
    value === undefined ? `  # ${name}: ${otherwise}` : `  ${name}: ${String(value)}${remark}`;
  const doubt = (name: 'mapping' | 'filtering', remark: string): string => (assumed.includes(name) ? ` # ${remark}` : '');
  return [
    `nat:${like.length > 0 ? ` # as ${like.join(', ')}` : ''}`,
    axis('mapping', mapping, 'not said, and needed', doubt('mapping', 'or address-dependent: the tool does not tell them apart')),
    axis('filtering', filtering, 'not said, and needed', doubt('filtering', 'not measured: what RFC 3489 means by symmetric')),
    axis('ports', ports, 'not said; preserve unless told otherwise'),
    axis('hairpinning', hairpinning, 'not said; false unless told otherwise'),
    axis('timeouts', undefined, 'not measured by these tools; { udp: 30, tcp: 7440 } unless told otherwise'),
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
