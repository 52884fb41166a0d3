/**
 * Only what takes types: promises that nobody waits for. Biome (biome.jsonc) does the rest; its own rule misses promises that come
 * from Node, tap or an interface.
 */
import tseslint from 'typescript-eslint'

export default tseslint.config({
  files: ['lib/**/*.ts', 'test/**/*.{ts,mjs}', 'scripts/**/*.mjs', 'bench/**/*.mjs'],
  ignores: ['**/*.d.mts'],
  plugins: { '@typescript-eslint': tseslint.plugin },
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { project: ['tsconfig.json', 'test/tsconfig.json', 'tsconfig.tools.json'], tsconfigRootDir: import.meta.dirname },
  },
  rules: {
    // tap itself waits for the tests of a test.
    '@typescript-eslint/no-floating-promises': [
      'error',
      { allowForKnownSafePromises: [{ from: 'package', package: '@tapjs/core', name: 'PromiseWithSubtest' }] },
    ],
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/await-thenable': 'error',
  },
})
