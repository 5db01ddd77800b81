import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { systemClock } from '#core/clock';
import { Attempts } from '#server/attempts';
import { createLogger } from '#server/log';
import { benefitRoutes } from '#server/routes/benefit-routes';
import { carryRoutes } from '#server/routes/carry-routes';
import { catalogRoutes } from '#server/routes/catalog-routes';
import { deviceRoutes } from '#server/routes/device-routes';
import { guardRoutes } from '#server/routes/guard-routes';
import { holderRoutes } from '#server/routes/holder-routes';
import { journalRoutes } from '#server/routes/journal-routes';
import { listRoutes } from '#server/routes/list-routes';
import { mappingRoutes } from '#server/routes/mapping-routes';
import { officeRoutes } from '#server/routes/office-routes';
import { paperRoutes } from '#server/routes/paper-routes';
import { priceRoutes } from '#server/routes/price-routes';
import { refundRoutes } from '#server/routes/refund-routes';
import { operationRoutes, salesRoutes } from '#server/routes/sales-routes';
import { sessionRoutes } from '#server/routes/session-routes';
import { setupRoutes } from '#server/routes/setup-routes';
import { saleRoutes, tillRoutes } from '#server/routes/till-routes';
import { trainingRoutes } from '#server/routes/training-routes';
import { Sessions } from '#server/sessions';
import { FakeTill } from '../../helpers/fake-till.ts';
import { FakeTraining } from '../../helpers/fake-training.ts';
import { type Running, startServer } from '../../helpers/with-server.ts';

interface Operation {
  operationId: string;
  requestBody?: { content: Record<string, { example?: unknown; schema: { $ref: string } }> };
  responses: Record<string, { content: Record<string, { example?: unknown }> }>;
}
interface Document {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { required?: string[] }> };
}

const till = new FakeTill();
const attempts = new Attempts(systemClock);
const sessions = new Sessions(systemClock);
const routes = [
  ...sessionRoutes({ till, sessions, attempts, sessionEnded: () => undefined }),
  ...tillRoutes(till, attempts),
  ...holderRoutes(till, attempts),
  ...saleRoutes(till),
  ...salesRoutes(till, attempts),
  ...refundRoutes(till, attempts),
  ...operationRoutes(till),
  ...deviceRoutes(till, attempts),
  ...benefitRoutes(till),
  ...journalRoutes(till),
  ...guardRoutes(till),
  ...carryRoutes(till, attempts),
  ...paperRoutes(till),
  ...priceRoutes(till),
  ...mappingRoutes(till),
  ...catalogRoutes(till),
  ...listRoutes(till),
  ...officeRoutes({ till, sessions, attempts, sessionEnded: () => undefined }),
  ...setupRoutes(till, attempts, '00000000'),
  ...trainingRoutes(new FakeTraining(till)),
];

let running: Running;
let document: Document;
beforeAll(async () => {
  running = await startServer({ logger: createLogger({ level: 'silent' }) });
  document = (await running.send('GET', '/api/openapi.json')).json as unknown as Document;
});
afterAll(() => running.server.close());

test('the document covers every route that answers, under unique names', () => {
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const real = routes.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(listed.sort()).toEqual(real.sort());
  const ids = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(document.openapi).toBe('3.1.0');
});

test('every reference resolves inside the document', () => {
  const text = JSON.stringify(document);
  const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(50);
  for (const name of new Set(names)) expect(document.components.schemas).toHaveProperty(name ?? '');
  expect(text).not.toContain('"$ref":"#/$defs');
  expect(document.components.schemas['Basket']?.required).toEqual(['reference', 'lines', 'pay']);
});

test('every example passes the schema that checks real requests and answers', () => {
  const check = (schema: z.ZodType, example: unknown, where: string) => {
    const parsed = schema.safeParse(example);
    expect([where, parsed.error?.issues ?? []]).toEqual([where, []]);
  };
  for (const route of routes) {
    const where = `${route.method} ${route.url}`;
    if (route.body !== undefined) check(route.body, route.bodyExample, where);
    if ('schema' in route.answer) check(route.answer.schema, route.answer.example, where);
  }
});

test('every operation tells its error shape with an example', () => {
  for (const methods of Object.values(document.paths)) {
    for (const operation of Object.values(methods)) {
      expect(operation.responses['400']?.content['application/json']?.example).toHaveProperty('error.nextEn');
    }
  }
});

test('a stranger makes a sale from what the document says alone', async () => {
  const operation = document.paths['/api/sales']?.['post'];
  const example = operation?.requestBody?.content['application/json']?.example as {
    lines: { code: string }[];
  };
  expect(document.info.description).toContain('Authorization: Bearer');
  await running.call('POST', '/api/shift/open', { number: '01', pin: '111111' });
  running.till.control.insertCard();
  const body = { ...example, lines: [{ code: '6900000000001', quantity: '2' }] };
  expect((await running.call('POST', '/api/sales', body)).status).toBe(200);
});
