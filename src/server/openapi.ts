import { z } from 'zod';
import { assert } from '#core/assert';
import { type FaultCode, fault } from '#core/fault';
import { statusOf } from './answers.ts';
import { errorExample } from './examples.ts';
import type { Route } from './route.ts';
import { schemaNames } from './schemas.ts';

type Json = Record<string, unknown>;

const ABOUT = `Local API of the till. It answers on this machine only.

Another program sends the header \`Authorization: Bearer TOKEN\`; the token is the one line of the file
\`api-token\` in the till's data folder. A whole sale from a shell:

    TOKEN=$(cat DATA_FOLDER/api-token)
    curl -s -H "Authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
      -d '{"reference":"my-register-000123","lines":[{"code":"6900000000014","quantity":"2"}],"pay":"account"}' \\
      http://127.0.0.1:PORT/api/sales

Money and quantities are text ("12.50"), never JSON numbers. Every error has the shape of \`Error\`: a stable
code, Chinese and English words, what to do next, and a retry class: \`transient\` may be repeated,
\`permanent\` will not change, \`ambiguous\` means that the effect may have happened: ask for the state first
(for POST /api/sales: send the same reference again). A page whose request
names in \`x-guitai-has\` the state that an earlier answer named in \`x-guitai-state\` may be answered the changes
alone (\`application/json-patch+json\`); the token is always answered the whole. WebSocket \`/api/live\` pushes
\`{"type":"till","till":TillView}\` at each change, \`/api/customer/live\`
\`{"type":"customer","customer":CustomerView}\`, which holds nothing but what the customer may see. Over \`/api/live\`
the verbs of the sale may be asked as well: \`{"ask":1,"method":"POST","url":"/api/scan","body":{"code":"6900000000014"},"csrf":""}\`
is answered by \`{"type":"answer","ask":1,"status":200,"changes":false,"body":TillView}\`, checked like the same request over HTTP.`;

/** The OpenAPI 3.1 document of these routes, made from the schemas that check the requests. */
export function openApiDocument(routes: readonly Route[], serverUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Guitai till', version: '1', description: ABOUT },
    servers: [{ url: serverUrl }],
    security: [{ token: [] }, { page: [], check: [] }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'for other programs' },
        page: { type: 'apiKey', in: 'cookie', name: 'guitai-session-PORT', description: "the page's cookie" },
        check: {
          type: 'apiKey',
          in: 'header',
          name: 'x-guitai-csrf',
          description: 'with the cookie, on every request that changes something',
        },
      },
    },
  };
}

function operation(route: Route): Json {
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.access === 'open' ? { security: [] } : {}),
    ...parameters(route),
    ...requestBody(route),
    responses: { 200: success(route), ...failures(route) },
  };
}

function requestBody({ body, bodyExample, upload }: Route): Json {
  if (upload !== undefined)
    return { requestBody: { required: true, content: { 'application/octet-stream': { schema: {} } } } };
  if (body === undefined) return {};
  const content = { 'application/json': { schema: reference(body), example: bodyExample } };
  return { requestBody: { required: !body.safeParse({}).success, content } };
}

function operationId(route: Route): string {
  const words = route.url
    .replace('/api/', '')
    .split(/[/.:-]+/)
    .filter(Boolean);
  const name = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
  return `${route.method.toLowerCase()}${name}`;
}

function parameters(route: Route): Json {
  const found = [...partParameters('path', route.params), ...partParameters('query', route.query)];
  return found.length === 0 ? {} : { parameters: found };
}

function partParameters(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (schema === undefined) return [];
  const json = z.toJSONSchema(schema, { io: 'input' });
  const required = new Set(json.required ?? []);
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: required.has(name),
    schema: property,
  }));
}

function success({ answer }: Route): Json {
  if ('mediaType' in answer) {
    return { description: 'done', content: { [answer.mediaType]: { schema: { type: 'string' } } } };
  }
  return {
    description: 'done',
    content: { 'application/json': { schema: reference(answer.schema), example: answer.example } },
  };
}

/** Statuses that every route can give, and those of its own expected faults, with the codes in words. */
function failures(route: Route): Record<string, Json> {
  const everywhere: FaultCode[] = ['request-invalid', 'host-forbidden', 'origin-forbidden'];
  if (route.access === 'caller') everywhere.push('session-missing', 'session-stale', 'token-wrong');
  if (route.atCounter === true) everywhere.push('shift-of-another');
  const byStatus = new Map<number, string[]>();
  for (const code of [...everywhere, ...(route.faults ?? [])]) {
    const status = statusOf(fault(code));
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  if (route.access === 'caller' && route.method !== 'GET') {
    for (const status of [409, 422]) byStatus.set(status, byStatus.get(status) ?? ['any coded refusal']);
  }
  const content = {
    'application/json': { schema: { $ref: '#/components/schemas/Error' }, example: errorExample },
  };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [String(status), { description: codes.join(', '), content }]),
  );
}

function reference(schema: z.ZodType): Json {
  const name = schemaNames.get(schema)?.id;
  assert(name !== undefined, 'every schema of a route has a name in schemas.ts');
  return { $ref: `#/components/schemas/${name}` };
}

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(schemaNames, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema]),
  );
}
