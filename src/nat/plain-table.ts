/** Rules of routers that keep no mapping table of their own: stock Linux masquerade, and no translation at all. */
import type { NatBehaviour } from '../model/lab.ts';
import { bindEnds, block, forwardChain, inputChain, markChain, privatePrefixes, replaceTable } from './router-facts.ts';
import type { RouterFacts } from './router-facts.ts';

export function makePlainTable({ kind }: Exclude<NatBehaviour, { kind: 'rfc4787' }>, at: RouterFacts): string {
  const ends = bindEnds(at);
  const { wan, lan, wanIf } = ends;
  const masquerade = block('chain postrouting', [
    'type nat hook postrouting priority srcnat; policy accept;',
    `oifname ${wanIf} ip saddr ${lan} masquerade`,
  ]);
  // Without NAT the provider is what stops private sources (BCP 38).
  const leak = kind === 'none' ? `ip saddr { ${privatePrefixes.join(', ')} } ip saddr != ${wan}` : `ip saddr != ${wan}`;
  return replaceTable([
    ...markChain(ends),
    ...(kind === 'stock' ? masquerade : []),
    '# whatever was not translated stays inside',
    ...block('chain guard', ['type filter hook postrouting priority srcnat + 20; policy accept;', `oifname ${wanIf} ${leak} counter drop`]),
    ...inputChain(ends),
    ...forwardChain(ends, kind === 'none' ? [`iifname ${wanIf} oifname ${ends.lanIf} accept`] : []),
  ]);
}
