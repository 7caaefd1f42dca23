const threads = ['effects', 'topology', 'pure'];

// One worker thread per group of rooms (test/lib/import-tests.ts); the one that waits for programs and time starts first.
export default {
  files: threads.map((thread) => `test/threads/${thread}.ts`),
  sortTestFiles: (one, other) => threads.findIndex((name) => one.includes(name)) - threads.findIndex((name) => other.includes(name)),
  extensions: ['ts'],
  timeout: '1m',
};
