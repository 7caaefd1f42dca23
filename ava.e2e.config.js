export default {
  files: ['test/e2e/**/*.test.ts'],
  extensions: ['ts'],
  // one lab at a time: two would fight for the cores and make deadlines meaningless
  concurrency: 1,
  serial: true,
  timeout: '15m',
};
