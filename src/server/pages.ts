import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FirstView } from './api-types.ts';
import type { Caller } from './route.ts';

export interface PagesDeps {
  /** Folder of the built pages. */
  readonly folder: string;
  /** Whether the training shop's page is there. */
  readonly training: boolean;
  /** What a page that is asked for now shows at once. */
  readonly firstView: (caller: Caller, page: 'till' | 'training') => FirstView;
}

/**
 * The built pages, given without a session; names of assets carry their hash. The till's page comes with what it shows
 * first: an old machine would else read the scripts, ask, and wait for the answer before it could draw anything.
 */
export async function addPages(app: FastifyInstance, deps: PagesDeps): Promise<void> {
  const { folder, training, firstView } = deps;
  await app.register(staticFiles, { root: folder, serve: false, index: false, dotfiles: 'deny' });
  const open = { config: { access: 'open' as const } };
  const withView =
    (name: string, page: 'till' | 'training') => async (request: FastifyRequest, reply: FastifyReply) => {
      const html = await readFile(join(folder, name), 'utf8');
      return reply.type('text/html; charset=utf-8').send(withData(html, firstView(request.caller, page)));
    };
  app.get('/', open, withView('index.html', 'till'));
  app.get('/customer', open, (_request, reply) => reply.sendFile('customer.html', { cacheControl: false }));
  app.get('/office', open, (_request, reply) => reply.sendFile('office.html', { cacheControl: false }));
  if (training) app.get('/training', open, withView('training.html', 'training'));
  app.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) => {
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return reply.sendFile(`assets/${request.params['*']}`, { cacheControl: false });
  });
  app.get('/favicon.ico', open, (_request, reply) => reply.code(204).send());
}

/** As data, which no browser runs: the policy allows no script in the page, and a name with `</script>` in it stays text. */
function withData(html: string, view: FirstView): string {
  const data = JSON.stringify(view).replaceAll('<', '\\u003c');
  // Before the page's script, which runs as soon as it is read. A function: what stands in the data is no pattern.
  return html.replace(
    '<div id="app"></div>',
    (app) => `${app}<script id="first-view" type="application/json">${data}</script>`,
  );
}
