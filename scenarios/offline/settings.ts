/** Settings of cloudcore and edgecore, changed in their files as an operator would, by a JSON merge patch. */
import type { NodeHandle } from 'edgelab';

/** What it is and whether it is on, e.g. `{ edgeStream: false }`. */
export const enable = async ({ $ }: NodeHandle, file: string, modules: Record<string, boolean>): Promise<void> => {
  const patch = { modules: Object.fromEntries(Object.entries(modules).map(([name, on]) => [name, { enable: on }])) };
  const { text } = await $`kubectl patch --local --type=merge -f ${file} -p ${JSON.stringify(patch)} -o yaml`;
  await $({ input: `${text}\n` })`cat > ${file}`;
};
