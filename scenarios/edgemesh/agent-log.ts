/** What EdgeMesh's programs on a node have logged, read where containerd keeps it. */
import type { NodeHandle } from 'edgelab';

/** `at` in milliseconds since the epoch; `text` without time stamps and source file. */
export type LogLine = { at: number; text: string };

type Program = 'edgemesh-agent' | 'edgemesh-gateway';

/** Lines with one of the words, oldest first; none where the program never ran. */
export const readLog = async (node: NodeHandle, program: Program, words: readonly string[]): Promise<LogLine[]> => {
  const files = `/var/log/pods/kubeedge_${program}-*/${program}/*.log`;
  const { lines } = await node.$({
    nothrow: true,
    input: `cat ${files} | grep -F "$@" | sort -s -k 1,1`,
  })`sh -s -- ${words.flatMap((word) => ['-e', word])}`;
  return lines.map((line) => ({ at: Date.parse(line.split(' ')[0] ?? ''), text: line.replace(/^.*?\.go:\d+\] /, '') }));
};

/** The same of the agent, as bare texts. */
export const readAgentLog = async (node: NodeHandle, ...words: readonly string[]): Promise<string[]> =>
  (await readLog(node, 'edgemesh-agent', words)).map(({ text }) => text);
