import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page of that name, by itself. */
const page = (name: string, first = false) => ({
  consumer: 'client' as const,
  build: { emptyOutDir: first, rollupOptions: { input: { [name]: here(`${name}.html`) } } },
});

/**
 * Each page is built alone, into one script and one sheet of styles: pieces that the pages share would save a little
 * room on the disk and cost every page of an old machine a request and a compilation each.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact({ devToolsEnabled: false })],
  build: {
    outDir: here('../../dist/ui'),
    target: 'chrome100',
    // The page's policy allows neither inline scripts nor data: fonts and styles.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  environments: {
    client: page('index', true),
    training: page('training'),
    customer: page('customer'),
    office: page('office'),
  },
  builder: {},
});
