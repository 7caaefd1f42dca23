/** What a fake container answers to a command: rules by container and command, the latest first. */
import type { ExecResult } from '../engine.ts';

/** One exec as a rule sees it. `text` is the argv joined by spaces, so a shell script's text is in it. */
export type ExecCall = {
  lab: string;
  container: string;
  argv: readonly string[];
  text: string;
  env: Record<string, string>;
  stdin: string;
};

/** What is not given is: code 0, no output, no time. `takes` is in seconds of the fake clock; output comes first. */
export type Answer = Partial<Pick<ExecResult, 'code' | 'stderr'>> & { stdout?: string | Uint8Array; takes?: number | 'forever' };

/** A string is the whole name, or `*` for every container. */
export type ContainerMatcher = string | RegExp;
/** A string is looked for anywhere in the text. */
export type CommandMatcher = string | RegExp | ((call: ExecCall) => boolean);

type Reply = (call: ExecCall) => Answer | Promise<Answer>;
type Rule = { container: ContainerMatcher; command: CommandMatcher; reply: Reply };

/** What to do with a matching command; all return nothing: one rule per `when`. */
export type Then = {
  answers(answer: Answer): void;
  /** A different answer each time; the last one stays. */
  answersInTurn(answers: readonly Answer[]): void;
  fails(code: number, stderr?: string): void;
  /** Prints what is given and never ends by itself: only the signal or the time-out ends it. */
  hangs(output?: { stdout?: string; stderr?: string }): void;
  runs(reply: Reply): void;
};

/** The rules of one engine; a command that none fits succeeds without output. */
export class ExecScript {
  readonly #rules: Rule[] = [];

  when(container: ContainerMatcher, command: CommandMatcher): Then {
    const add = (reply: Reply) => void this.#rules.unshift({ container, command, reply });
    return {
      answers: (answer) => add(() => answer),
      answersInTurn: (answers) => {
        let turn = 0;
        add(() => answers[Math.min(turn++, answers.length - 1)] ?? {});
      },
      fails: (code, stderr = '') => add(() => ({ code, stderr })),
      hangs: (output = {}) => add(() => ({ ...output, takes: 'forever' })),
      runs: add,
    };
  }

  async answer(call: ExecCall): Promise<Answer> {
    const rule = this.#rules.find((each) => matchesContainer(each.container, call) && matchesCommand(each.command, call));
    return rule ? rule.reply(call) : {};
  }
}

/** `*` is every container. */
function matchesContainer(matcher: ContainerMatcher, call: ExecCall): boolean {
  return matcher instanceof RegExp ? matcher.test(call.container) : matcher === '*' || matcher === call.container;
}

function matchesCommand(matcher: CommandMatcher, call: ExecCall): boolean {
  if (typeof matcher === 'function') return matcher(call);
  return matcher instanceof RegExp ? matcher.test(call.text) : call.text.includes(matcher);
}
