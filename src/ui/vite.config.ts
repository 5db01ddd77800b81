import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page of that name, by itself. */
const page = (name: string, first = false) => ({
  consumer: 'client' as const,
  build: {
    emptyOutDir: first,
    rollupOptions: { input: { [name]: here(`${name}.html`) }, output: { format: 'iife' as const } },
  },
});

/**
 * The script as a plain one at the end of the page: a module would wait for a loader of its own and for an empty frame
 * to be drawn first, a tenth of all that an old machine needs until the till can be used.
 */
const plainScript = (): Plugin => ({
  name: 'plain-script',
  transformIndexHtml: {
    order: 'post',
    handler(html) {
      const script = /\s*<script[^>]* src="([^"]+)"><\/script>/.exec(html);
      if (script === null) return html;
      const [tag, source = ''] = script;
      return html.replace(tag, '').replace('</body>', `  <script src="${source}"></script>\n  </body>`);
    },
  },
});

/**
 * Each page is built alone, into one script and one sheet of styles: pieces that the pages share would save a little
 * room on the disk and cost every page of an old machine a request and a compilation each.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [preact({ devToolsEnabled: false }), plainScript()],
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
