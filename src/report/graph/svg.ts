/** DOT as SVG by Graphviz compiled to WebAssembly: offline, and the same on every machine. The only importer of that package. */
import { Graphviz } from '@hpcc-js/wasm-graphviz';

export async function toSvg(dot: string): Promise<string> {
  const graphviz = await Graphviz.load();
  return graphviz.layout(dot, 'svg', 'dot');
}
