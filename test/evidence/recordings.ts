/** Captures that were recorded on a running lab, and the scene they were taken in. */
import { readFileSync } from 'node:fs';
import { parseCapture, traceFlow, type Flow, type FlowKey, type Packet, type Scene } from '../../src/evidence/evidence.ts';

export const recorded = (name: string): string => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8');

export const containers = ['internet-core', 'lan-a-router', 'lan-b-router', 'cloud', 'edge-a1', 'edge-a2', 'edge-b1'];

export const packets: Packet[] = containers.flatMap((name) => parseCapture(name, recorded(`two-lans/${name}.txt`)));

const wire = (name: string, segment: string, address: string) => ({ name, segment, addresses: [address] });

export const scene: Scene = {
  wires: new Map([
    ['internet-core', [wire('net0', 'internet', '45.77.0.1')]],
    ['lan-a-router', [wire('wan0', 'internet', '45.77.0.2'), wire('lan0', 'lan-a', '192.168.1.1')]],
    ['lan-b-router', [wire('wan0', 'internet', '45.77.0.3'), wire('lan0', 'lan-b', '192.168.2.1')]],
    ['cloud', [wire('eth0', 'internet', '45.77.0.10')]],
    ['edge-a1', [wire('eth0', 'lan-a', '192.168.1.11')]],
    ['edge-a2', [wire('eth0', 'lan-a', '192.168.1.12')]],
    ['edge-b1', [wire('eth0', 'lan-b', '192.168.2.11')]],
  ]),
};

/** Source ports of the recorded attempts, as curl said them. */
export const ports = {
  podOfNeighbour: 22500,
  clusterIpOfNeighbour: 22503,
  podOfCloud: 22506,
  fromNode: 22512,
  cloudToEdge: 22515,
  acrossLans: 22524,
  refused: 22527,
};

export const trace = (source: string, key: FlowKey): Flow => traceFlow(packets, source, key);
