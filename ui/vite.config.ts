/** Builds the page that the window loads by file:// and runs the unit tests. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The development server talks to its page, which the page's own policy forbids. */
function openPolicyWhileServing(): Plugin {
  return {
    name: 'open-policy-while-serving',
    apply: 'serve',
    transformIndexHtml: (html) =>
      html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/u, ''),
  };
}

/** A file:// page has an opaque origin, so `crossorigin` on its own files would refuse them. */
function plainTags(): Plugin {
  return {
    name: 'plain-tags',
    enforce: 'post',
    transformIndexHtml: (html) => html.replaceAll(' crossorigin', ''),
  };
}

export default defineConfig({
  base: './',
  plugins: [svelte(), plainTags(), openPolicyWhileServing()],
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  build: {
    target: ['chrome111', 'safari16.4'],
    outDir: 'dist',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 30_000,
  },
});
