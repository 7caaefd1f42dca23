/** The face of the evidence room: captures and rules as text in, explanations of a flow out. Pure. */
export { captureArgv, captureFilter, parseCapture, readArgv, streamArgv } from './tcpdump.ts';
export { makePcapReader, type PcapHead, type PcapPacket } from './pcap-stream.ts';
export { makePcapngWriter, type PcapCounts } from './pcapng-writer.ts';
export { innermost, type Packet } from './packet.ts';
export type { Flow, FlowKey } from './flow.ts';
export { traceFlow } from './flow.ts';
export type { Scene } from './explain.ts';
export { explainFlow, findAnswerer, findLoss, findPath } from './explain.ts';
export { listHops } from './hops.ts';
export { findServiceRules, parseRules, type Endpoint, type Rule, type ServiceRules } from './service-rules.ts';
export { makeTrace, type Trace } from './trace.ts';
export type { TunnelFlow, TunnelJudge, TunnelVerdict } from './tunnel.ts';
export { parseAgentLog, type AgentLine } from './edgemesh-log.ts';
export { edgemeshPort, judgeEdgemesh } from './edgemesh.ts';
export { parseSas, type ChildSa, type IkeSa } from './sas.ts';
export { judgeFabedge, natTraversalPort } from './fabedge.ts';
