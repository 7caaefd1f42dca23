/** Reads the TAP that ava prints, line by line, as tests. */

/** One `ok` or `not ok`; what is `# TODO` counts as skipped. */
export type TapTest = {
  title: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** What ava printed below it: values, errors, logs. */
  details: string[];
};

type TapReader = {
  /** One line without its line break. */
  read(line: string): void;
  /** No more lines follow. */
  end(): void;
};

/** `onTest` is called for each test once all that belongs to it was read. */
export const makeTapReader = (onTest: (test: TapTest) => void): TapReader => {
  let open: TapTest | undefined;
  const close = (): void => {
    if (open) onTest(open);
    open = undefined;
  };
  return {
    read(line) {
      const found = testLine.exec(line);
      if (found) {
        close();
        const [, not, title = '', directive] = found;
        open = { title, outcome: directive !== undefined ? 'skipped' : not === undefined ? 'passed' : 'failed', details: [] };
      } else if (plan.test(line)) {
        close();
      } else if (open && line.trim() !== '') {
        open.details.push(line);
      }
    },
    end: close,
  };
};

const testLine = /^(not )?ok \d+(?: - (.*?))?(?: # (SKIP|TODO))?$/;
const plan = /^\d+\.\.\d+$/;
