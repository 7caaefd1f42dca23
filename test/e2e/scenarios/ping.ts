/** For grids: one call that every NAT lets out, and one that none lets in, as is known. */
import { scenario, step } from 'edgelab';

export default scenario({
  title: 'who pings whom?',
  topology: 'hosts-only',
  steps: [
    step('out, and in', async ({ lab, expect }) => {
      const [server, laptop] = [lab.node('server'), lab.node('laptop')];
      await expect.reach(laptop, server);
      await expect.reach(server, laptop, { known: { reason: 'nobody has a way to a private address', issue: 'RFC 1918' } });
    }),
  ],
});
