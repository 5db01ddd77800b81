import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The built pages. They hold no data, so they are given without a session; names of assets carry their hash. */
export async function addPages(app: FastifyInstance, folder: string, training: boolean): Promise<void> {
  await app.register(staticFiles, { root: folder, serve: false, index: false, dotfiles: 'deny' });
  const open = { config: { access: 'open' as const } };
  app.get('/', open, (_request, reply) => reply.sendFile('index.html', { cacheControl: false }));
  app.get('/customer', open, (_request, reply) => reply.sendFile('customer.html', { cacheControl: false }));
  app.get('/office', open, (_request, reply) => reply.sendFile('office.html', { cacheControl: false }));
  if (training) {
    app.get('/training', open, (_request, reply) => reply.sendFile('training.html', { cacheControl: false }));
  }
  app.get<{ Params: { '*': string } }>('/assets/*', open, (request, reply) => {
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return reply.sendFile(`assets/${request.params['*']}`, { cacheControl: false });
  });
  app.get('/favicon.ico', open, (_request, reply) => reply.code(204).send());
}
