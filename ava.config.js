export default {
  files: ['test/**/*.test.ts', '!test/integration/**', '!test/e2e/**'],
  extensions: ['ts'],
};
