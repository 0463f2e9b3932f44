import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import jsdoc from 'eslint-plugin-jsdoc';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, type Config } from 'eslint/config';
import typescript from 'typescript-eslint';
import { folderRules } from './scripts/import-rules.ts';

/** One `no-restricted-imports` block per folder, made from the table that the import-graph test walks too. */
const boundaries: Config[] = Object.entries(folderRules).map(([folder, rule]) => ({
  files: [`src/${folder}/**/*.{ts,svelte}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: rule.forbiddenSpecifiers.source,
            message: `src/${folder} may import only: ${rule.summary}`,
          },
        ],
      },
    ],
  },
}));

export default defineConfig(
  {
    ignores: [
      'out',
      'dist',
      'coverage',
      'test/output',
      'src/kernels/assembly',
      'src/engine/backends/wasm/generated',
    ],
  },
  js.configs.recommended,
  typescript.configs.strict,
  svelte.configs.recommended,
  {
    plugins: { jsdoc },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Named exports only: they keep one name everywhere.',
        },
        {
          selector: 'CallExpression[callee.name=/^mkdir(Sync)?$/] Property[key.name="recursive"]',
          message:
            'makeFolder (src/node/files): Node makes no end of a folder that the system will not make.',
        },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/shared/**/*.ts', 'src/engine/**/*.ts'],
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        { publicOnly: true, require: { FunctionDeclaration: true, ClassDeclaration: true } },
      ],
    },
  },
  ...boundaries,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    rules: {
      // Untrusted text never becomes HTML, and the content security policy forbids style attributes.
      'svelte/no-at-html-tags': 'error',
      'svelte/no-inline-styles': ['error', { allowTransitions: false }],
      // TypeScript knows what a browser has.
      'no-undef': 'off',
    },
  },
  // A describe block is as long as its cases.
  { files: ['test/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  // Tools insist on default exports, scripts talk on the console, plain scripts run on Node as it is.
  {
    files: ['*.config.ts', '*.config.js', 'scripts/**', 'test/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['scripts/**', 'bin/**'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  prettier,
);
