/** Every fault in its own words, and how it is begun and ended: for timelines, scenarios and the command line alike. */
import { setTimeout as wait } from 'node:timers/promises';
import { describeLink, faultName, fullTableScript, healScript } from '../links/links.ts';
import type { Directions, Fault } from '../model/fault.ts';
import { beginFault, forgetBindings, partitionOf, routerAt, runFaultScript, type FaultScene, type Heal } from './faults.ts';
import { changeLinks, putLinks } from './links.ts';
import { redial } from './redial.ts';
import { awaitOnline, restartContainers } from './restart.ts';

const cuts: Record<Directions, string> = { both: 'cut', up: 'lets nothing out', down: 'lets nothing in' };

/** For people: `uplink of lan-a cut`. */
export const describeFault = (fault: Fault): string => {
  switch (fault.kind) {
    case 'cut':
      return `link of ${fault.where} ${cuts[fault.directions]}`;
    case 'flap':
      return `link of ${fault.where} down and up ${fault.times} times`;
    case 'partition':
      return `${fault.one.join(', ')} parted from ${fault.other.join(', ')}`;
    case 'dns':
      return "the lab's DNS does not answer";
    case 'black-hole':
      return `packets above ${fault.mtu} bytes vanish at ${fault.where}`;
    case 'link':
      return `link of ${fault.where}: ${describeLink(fault.conditions)}`;
    case 'rebind':
      return `router of ${fault.site} gives out new ports`;
    case 'expire':
      return `bindings of ${fault.site} expired`;
    case 'redial':
      return `router of ${fault.site} gets another address`;
    case 'conntrack-full':
      return `router of ${fault.site} has no room for new connections`;
    case 'reboot':
      return `router of ${fault.site} rebooted`;
    case 'pause':
      return `${fault.node} stands still`;
    case 'kill':
      return `${fault.node} killed`;
    case 'restart':
      return `${fault.node} restarted`;
  }
};

/** Makes it happen; gives what undoes it, nothing where it is over by itself. */
export const actFault = async (scene: FaultScene, fault: Fault): Promise<Heal | undefined> => {
  const { engine, lab, plan, signal } = scene;
  const where = { engine, lab: lab.name, signal };
  const restart = (container: string, how: 'kill' | 'stop' | 'start', later = signal): Promise<void> =>
    restartContainers({ engine, plan, containers: [container], how, signal: later });
  switch (fault.kind) {
    case 'cut':
      return beginFault(where, faultName('cut', fault.where), { kind: 'cut', at: fault.where, directions: fault.directions });
    case 'flap':
      for (let turn = 0; turn < fault.times; turn++) {
        const heal = await beginFault(where, faultName('cut', fault.where), { kind: 'cut', at: fault.where, directions: 'both' });
        try {
          await wait(fault.periodMs / 2, undefined, { signal });
        } finally {
          await heal(AbortSignal.timeout(undoMs));
        }
        await wait(fault.periodMs / 2, undefined, { signal });
      }
      return undefined;
    case 'partition':
      return beginFault(where, faultName('parted', ...fault.one, ...fault.other), partitionOf(lab, fault.one, fault.other));
    case 'dns':
      return beginFault(where, 'dns', { kind: 'dns', core: lab.internet.core.name });
    case 'black-hole':
      return beginFault(where, faultName('hole', fault.where), { kind: 'black-hole', at: fault.where, mtu: fault.mtu });
    case 'link': {
      const before = await changeLinks(where, fault.where, fault.conditions);
      return (later) => putLinks({ ...where, ...(later && { signal: later }) }, before);
    }
    case 'rebind':
    case 'expire':
      await forgetBindings(where, plan, routerAt(lab, fault.site).name, { reserve: fault.kind === 'rebind' });
      return undefined;
    case 'redial':
      return redial(scene, fault.site, fault.to);
    case 'conntrack-full': {
      const [router, name] = [routerAt(lab, fault.site).name, faultName('full', fault.site)];
      await runFaultScript(where, router, fullTableScript(name));
      return (later) => runFaultScript({ ...where, ...(later && { signal: later }) }, router, healScript(name));
    }
    case 'reboot': {
      const router = routerAt(lab, fault.site).name;
      await restart(router, 'kill');
      await awaitOnline(engine, plan, [router], signal);
      return undefined;
    }
    case 'pause':
      await engine.power(lab.name, fault.node, 'pause');
      return () => engine.power(lab.name, fault.node, 'unpause');
    case 'kill':
      await engine.power(lab.name, fault.node, 'kill');
      return (later) => restart(fault.node, 'start', later);
    case 'restart':
      await restart(fault.node, 'stop');
      await awaitOnline(engine, plan, [fault.node], signal);
      return undefined;
  }
};

/** How long what is undone may take, also after an interrupt. */
const undoMs = 60_000;
