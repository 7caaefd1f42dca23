/** Calico: nodes tell each other their routes by BGP, packets go as they are, and network policy holds. Claims S003-CA-*. */
import { scenario, step } from 'edgelab';
import { checkPolicy, removePolicy } from './calico/policy.ts';
import { checkRoutes, checkSessions } from './calico/routes.ts';
import { checkHops } from './calico/hops.ts';
import { checkOverhead, checkWire } from './calico/wire.ts';

export default scenario({
  title: 'Calico: routes by BGP, packets as they are, and network policy',
  topology: 'calico',
  needs: ['kubernetes', 'calico'],
  steps: [
    step('nodes tell each other by BGP where their pods are', async ({ lab, expect }) => {
      await checkSessions(lab, expect);
      await checkRoutes(lab, expect);
    }),
    step('between nodes packets go as they are', async ({ lab, expect }) => {
      await checkWire(lab, expect);
      await checkOverhead(lab, expect);
    }),
    step('ordinary tools explain the way', ({ lab, expect }) => checkHops(lab, expect)),
    step('network policy holds', ({ lab, expect }) => checkPolicy(lab, expect)),
  ],
  cleanup: ({ lab }) => removePolicy(lab),
});
