/** Directed graphs of things that need other things: order, levels, and the circle when there is one. */

/** Something with a name that needs others by name; needs that name nothing in the list are ignored. */
export type Vertex = { id: string; needs: readonly string[] };

/**
 * The vertices in levels: those of a level need only earlier levels. Each level keeps the order of the list.
 * Vertices on a circle, and those that need them, are left out.
 */
export const topologicalLevels = <V extends Vertex>(vertices: readonly V[]): V[][] => {
  const waitingFor = new Map<string, Set<string>>();
  const known = new Set(vertices.map(({ id }) => id));
  for (const { id, needs } of vertices) waitingFor.set(id, new Set(needs.filter((need) => known.has(need))));
  const levels: V[][] = [];
  let left = [...vertices];
  for (;;) {
    const level = left.filter(({ id }) => waitingFor.get(id)?.size === 0);
    if (level.length === 0) return levels;
    levels.push(level);
    const done = new Set(level.map(({ id }) => id));
    left = left.filter(({ id }) => !done.has(id));
    for (const { id } of left) for (const one of done) waitingFor.get(id)?.delete(one);
  }
};

/** The vertices so that each comes after all it needs; throws RangeError when some need each other in a circle. */
export const topologicalOrder = <V extends Vertex>(vertices: readonly V[]): V[] => {
  const cycle = findCycle(vertices);
  if (cycle) throw new RangeError(`these need each other: ${cycle.join(' → ')}`);
  return topologicalLevels(vertices).flat();
};

/** One circle as the names on it, the first repeated at the end (`a`, `b`, `a`: a needs b, b needs a); undefined when there is none. */
export const findCycle = (vertices: readonly Vertex[]): string[] | undefined => {
  const byId = new Map(vertices.map((vertex) => [vertex.id, vertex]));
  const sorted = new Set(topologicalLevels(vertices).flatMap((level) => level.map(({ id }) => id)));
  let at = vertices.find(({ id }) => !sorted.has(id));
  const path: string[] = [];
  // Every vertex left over needs another one left over, so walking along needs must come round.
  while (at) {
    const first = path.indexOf(at.id);
    if (first >= 0) return [...path.slice(first), at.id];
    path.push(at.id);
    at = at.needs.map((need) => byId.get(need)).find((need) => need !== undefined && !sorted.has(need.id));
  }
  return undefined;
};

/** Every vertex that must come before this one, near or far. */
export const ancestorsOf = (vertices: readonly Vertex[], id: string): Set<string> => {
  const needsOf = new Map(vertices.map((vertex) => [vertex.id, vertex.needs]));
  const found = new Set<string>();
  const open = [...(needsOf.get(id) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(needsOf.get(next) ?? []));
  }
  return found;
};
