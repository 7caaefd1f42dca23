/** DOT as SVG by Graphviz compiled to WebAssembly: offline, and the same on every machine. The only importer of that package. */
import { Graphviz } from '@hpcc-js/wasm-graphviz';

/** A whole SVG document with its XML prolog, laid out by Graphviz' `dot`. */
export async function toSvg(dot: string): Promise<string> {
  const graphviz = await Graphviz.load();
  return graphviz.layout(dot, 'svg', 'dot');
}
