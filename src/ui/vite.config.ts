import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: here('../../dist/ui'),
    emptyOutDir: true,
    target: 'chrome100',
    // The page's policy allows neither inline scripts nor data: fonts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        index: here('index.html'),
        training: here('training.html'),
        customer: here('customer.html'),
        office: here('office.html'),
      },
    },
  },
});
