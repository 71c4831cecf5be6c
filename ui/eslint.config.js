/** The floors of the page as a rule: App > features > state > bridge; features > components | text | i18n. */
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { readdirSync } from 'node:fs';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const floor = (files, banned, message) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: banned.map((regex) => ({ regex, message, caseSensitive: true })) },
    ],
  },
});

const at = (...folders) => `/(${folders.join('|')})(/|$)`;
const features = readdirSync(new URL('./src/features', import.meta.url));

export default ts.config(
  {
    ignores: ['dist/', 'node_modules/', 'src/bridge/protocol.gen.ts', 'src/text/invention.gen.ts'],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'no-restricted-globals': ['error', 'localStorage', 'sessionStorage', 'indexedDB', 'fetch'],
      'no-eval': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/no-inline-styles': 'off',
      // State that is not drawn is kept out of the signals on purpose.
      'svelte/prefer-svelte-reactivity': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  floor(
    ['src/bridge/**'],
    [at('state', 'features', 'components', 'text', 'i18n')],
    'the bridge knows only itself',
  ),
  floor(
    ['src/state/**'],
    [at('features', 'components', 'i18n')],
    'state holds no words and no drawing',
  ),
  floor(
    ['src/components/**'],
    [at('features', 'state', 'bridge')],
    'a component is told what to show',
  ),
  floor(['src/text/**'], [at('features', 'state', 'components', 'bridge', 'i18n')], 'text is pure'),
  floor(['src/i18n/**'], [at('features', 'state', 'components', 'text')], 'words know nobody'),
  ...features.map((name) =>
    floor(
      [`src/features/${name}/**`],
      [at(...features.filter((other) => other !== name)), 'App\\.svelte$'],
      'a feature never imports a feature',
    ),
  ),
);
