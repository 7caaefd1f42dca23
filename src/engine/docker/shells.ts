/** The shells of all containers that have none to do: taken for the next command, closed when none comes. */
import type { Shell } from './shell.ts';

/** How long a shell waits for the next command, and how many of one container wait. */
const restMilliseconds = 20_000;
const most = 3;

/** Containers are told by what Docker calls them. */
export type Shells = {
  /** One that waits, if any does. */
  take(container: string): Shell | undefined;
  /** Keeps one whose command has ended. */
  give(container: string, shell: Shell): void;
  /** Closes those that wait: before a container is stopped or frozen. */
  close(container: string): void;
};

type Waiting = { shell: Shell; timer: NodeJS.Timeout };

export function makeShells(): Shells {
  const waiting = new Map<string, Waiting[]>();

  const drop = (container: string, { shell, timer }: Waiting): void => {
    clearTimeout(timer);
    const rest = (waiting.get(container) ?? []).filter((one) => one.shell !== shell);
    if (rest.length > 0) waiting.set(container, rest);
    else waiting.delete(container);
  };

  const end = (container: string, one: Waiting): void => {
    drop(container, one);
    one.shell.close();
  };

  return {
    take(container) {
      for (const one of [...(waiting.get(container) ?? [])].reverse()) {
        drop(container, one);
        if (one.shell.alive()) return one.shell;
      }
      return undefined;
    },
    give(container, shell) {
      const others = waiting.get(container) ?? [];
      if (others.length >= most) {
        shell.close();
        return;
      }
      shell.rest();
      const one: Waiting = { shell, timer: setTimeout(() => end(container, one), restMilliseconds) };
      one.timer.unref();
      waiting.set(container, [...others, one]);
    },
    close(container) {
      for (const one of waiting.get(container) ?? []) end(container, one);
    },
  };
}
