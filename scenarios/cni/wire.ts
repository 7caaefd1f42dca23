/** What is seen on an interface of a node while something is tried. */
import type { Evidence, NodeHandle } from 'edgelab';

export type Seen = { at: string; lines: string[] };

/** Captures on the interface until the work is done; in immediate mode, or what the kernel has gathered would be lost at the end. */
export const watchWire = async <T>(
  node: NodeHandle,
  name: string,
  filter: string,
  work: () => Promise<T>,
): Promise<{ seen: Seen; result: T }> => {
  const { $ } = node;
  const { text: file } = await $`mktemp`;
  const start = `setsid tcpdump --immediate-mode -l -nn -i "$1" "$2" > "$3" 2> "$3.log" < /dev/null & echo $! > "$3.pid"
until grep -q 'listening on' "$3.log"; do kill -0 "$(cat "$3.pid")" || { cat "$3.log" >&2; exit 1; }; sleep 0.05; done`;
  await $({ input: start })`sh -s -- ${name} ${filter} ${file}`;
  try {
    const result = await work();
    return { result, seen: { at: `${node.name} ${name}`, lines: await stop(node, file) } };
  } catch (error) {
    await stop(node, file);
    throw error;
  }
};

const stop = async ({ $ }: NodeHandle, file: string): Promise<string[]> => {
  const script = `pid=$(cat "$1.pid"); kill -INT "$pid"; while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done; cat "$1"; rm -f "$1" "$1.log" "$1.pid"`;
  return (await $({ input: script })`sh -s -- ${file}`).lines;
};

/** The first packets, as evidence. */
export const showPackets = ({ at, lines }: Seen): Evidence => ({
  at,
  saw: `${String(lines.length)} packets`,
  ...(lines.length > 0 ? { raw: lines.slice(0, 2).join('\n') } : {}),
});
