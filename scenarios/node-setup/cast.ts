/** The nodes of the cluster, cloud and edge. */
import type { LabHandle, NodeHandle } from 'edgelab';

export const members = (lab: LabHandle): NodeHandle[] => lab.nodes().filter(({ role }) => role !== 'host');
export const clouds = (lab: LabHandle): NodeHandle[] => [...lab.nodes('control-plane'), ...lab.nodes('worker')];
export const edges = (lab: LabHandle): NodeHandle[] => lab.nodes('edge');
