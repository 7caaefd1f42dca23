// Tests against real Docker: one at a time, with the patience a busy machine needs.
export default {
  files: ['test/integration/**/*.test.ts'],
  extensions: ['ts'],
  concurrency: 1,
  serial: true,
  timeout: '5m',
};
