import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core/clock';
import { formatMoney } from '#core/money';
import { type AgencySimulator, startAgencySimulator } from '#simulators/agency/simulator';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { connectToVirtualReader } from '#simulators/cards/vpcd-link';
import { type PrivatePcscd, startPrivatePcscd } from '#simulators/pcscd';
import { agencyCatalog } from '../../src/main/training-goods.ts';
import { trainingPolicies } from '../helpers/policies.ts';
import { object, resolve, schemaErrors } from './json-schema.ts';
import { RealShop } from './real-shop.ts';
import { runProgram } from './shop-program.ts';

type Json = Record<string, unknown>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const LINES = [
  { code: '6909901000017', quantity: '2' },
  { code: '6909902000023', quantity: '1' },
];

let shop: RealShop;

beforeAll(async () => {
  shop = await RealShop.open();
}, 90_000);

afterAll(() => shop.close());

/** What a programmer of another shop's register has: the document, the token, and nothing of our code. */
class OtherProgram {
  readonly document: Json;
  readonly #base: string;
  readonly #token: string;

  constructor(document: Json, token: string) {
    const [server] = document['servers'] as Json[];
    this.document = document;
    this.#base = String(server?.['url']);
    this.#token = token;
  }

  /** The path and operation whose request body has all these properties. */
  operationTaking(...names: readonly string[]): { path: string; operation: Json } {
    for (const [path, methods] of Object.entries(object(this.document['paths']))) {
      const post = object(methods)['post'];
      if (post === undefined) continue;
      const body = object(post)['requestBody'];
      if (body === undefined) continue;
      const schema = this.#schema(object(body));
      const properties = Object.keys(object(schema['properties'] ?? {}));
      if (names.every((name) => properties.includes(name))) return { path, operation: object(post) };
    }
    throw new Error(`no operation takes ${names.join(', ')}`);
  }

  operationAt(path: string): Json {
    return object(object(object(this.document['paths'])[path])['post']);
  }

  /** Sends a body that fits the document, and holds the answer against the document. */
  async post(path: string, operation: Json, body: Json): Promise<{ status: number; answer: Json }> {
    const request = this.#schema(object(operation['requestBody']));
    expect(schemaErrors(body, request, this.document)).toEqual([]);
    const response = await fetch(`${this.#base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = object(await response.json());
    const described = object(object(operation['responses'])[String(response.status)]);
    expect(schemaErrors(answer, this.#schema(described), this.document)).toEqual([]);
    return { status: response.status, answer };
  }

  #schema(part: Json): Json {
    const schema = object(object(object(part['content'])['application/json'])['schema']);
    const reference = schema['$ref'];
    return typeof reference === 'string' ? resolve(this.document, reference) : schema;
  }
}

async function otherProgram(): Promise<OtherProgram> {
  const response = await fetch(`${shop.url}/api/openapi.json`);
  const token = readFileSync(join(shop.folder, 'data', 'api-token'), 'utf8').trim();
  return new OtherProgram(object(await response.json()), token);
}

function basketFile(reference: string): string {
  const file = join(shop.folder, `${reference}.json`);
  writeFileSync(file, JSON.stringify({ reference, lines: LINES }));
  return file;
}

/** As a shop's script starts it: by its name, through npx. */
function npx(...args: readonly string[]): Promise<{ code: number; out: string }> {
  return new Promise((done) =>
    execFile('npx', ['--no-install', 'guitai', ...args], { cwd: root, env: shop.env }, (error, out) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), out }),
    ),
  );
}

describe('a program that is not ours', () => {
  test('finds the whole sale in the document and makes it once, however often it asks', async () => {
    const other = await otherProgram();
    const shift = '/api/shift/open';
    const opened = await other.post(shift, other.operationAt(shift), { number: '0101', pin: '1234' });
    expect(opened.status).toBe(200);
    await shop.insert('A');
    await shop.until('the card is read', ({ holder }) => holder.state === 'identified');

    const sale = other.operationTaking('reference', 'lines', 'pay');
    const body = { reference: 'register-000001', lines: LINES, pay: 'account' };
    const first = await other.post(sale.path, sale.operation, body);
    expect(first.status).toBe(200);
    const summary = object(first.answer['summary']);
    expect(summary['state']).toBe('done');
    const charges = shop.agency.control.chargesOf(String(summary['saleNumber']));
    expect(charges.standing).toHaveLength(1);
    expect(summary['account']).toBe(formatMoney(charges.account));

    const second = await other.post(sale.path, sale.operation, body);
    expect(object(second.answer['summary'])['saleId']).toBe(summary['saleId']);
    expect(shop.agency.control.settlements()).toHaveLength(1);

    const changed = await other.post(sale.path, sale.operation, { ...body, pay: 'cash' });
    expect(object(changed.answer['error'])['code']).toBe('sale-reference-reused');
    expect(shop.agency.control.violations()).toEqual([]);
  });

  test('is told by code what is wrong, in the shape that the document promises', async () => {
    const other = await otherProgram();
    const sale = other.operationTaking('reference', 'lines', 'pay');
    const unknown = [{ code: '6900000000007', quantity: '1' }];
    const refused = await other.post(sale.path, sale.operation, {
      reference: 'register-000002',
      lines: unknown,
      pay: 'cash',
    });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(object(refused.answer['error'])['code']).toBe('catalog-product-unknown');
    expect((await shop.view()).sale.lines).toEqual([]);
  });
});

describe('guitai on the command line', () => {
  test('sale makes the same sale, through npx and directly, and the same reference is one sale', async () => {
    const file = basketFile('cli-000001');
    const before = shop.agency.control.settlements().length;
    const first = await npx('sale', '--basket', file, '--json', '--config', shop.configFile);
    expect(first.code).toBe(0);
    const made = object(object(JSON.parse(first.out))['summary']);
    expect(made['state']).toBe('done');
    expect(shop.agency.control.chargesOf(String(made['saleNumber'])).standing).toHaveLength(1);

    const second = await shop.guitai('sale', '--basket', file, '--json');
    expect(second.code).toBe(0);
    expect(object(object(JSON.parse(second.out))['summary'])['saleId']).toBe(made['saleId']);
    expect(shop.agency.control.settlements()).toHaveLength(before + 1);
  });

  test('sale --pay cash sells without insurance', async () => {
    const before = shop.agency.control.settlements().length;
    const sold = await shop.guitai('sale', '--basket', basketFile('cli-000002'), '--pay', 'cash', '--json');
    expect(sold.code).toBe(0);
    const summary = object(object(JSON.parse(sold.out))['summary']);
    expect([summary['state'], summary['mode'], summary['account']]).toEqual(['done', 'own-pay', '0.00']);
    expect(shop.agency.control.settlements()).toHaveLength(before);
  });

  test('sale with a bad basket file ends with 1 and says the code', async () => {
    const file = join(shop.folder, 'bad.json');
    writeFileSync(file, '{"lines": [{"quantity": 2}]}');
    const ended = await shop.guitai('sale', '--basket', file, '--json');
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^request-invalid: .*\n.*lines\.0\.code/);
  });

  test('queue list, queue sync and doctor answer', async () => {
    const list = await shop.guitai('queue', 'list', '--json');
    expect([list.code, object(JSON.parse(list.out))['rows']]).toEqual([0, []]);
    const sync = await shop.guitai('queue', 'sync', '--json');
    expect([sync.code, JSON.parse(sync.out)]).toEqual([0, { accepted: 0, rejected: 0, left: 0 }]);
    const doctor = await shop.guitai('doctor', '--json');
    const rows = object(JSON.parse(doctor.out))['rows'] as Json[];
    const states = Object.fromEntries(rows.map((row) => [row['part'], row['state']]));
    expect(states).toMatchObject({ 'card-reader': 'ok', agency: 'ok', printer: 'ok', records: 'ok' });
  });
});

interface ExampleCard {
  readonly version: string;
  readonly issuerRecords: readonly string[];
  readonly name: string;
  readonly socialSecurityNumber: string;
  readonly cardNumber: string;
}

describe('guitai card read', () => {
  const fixture = new URL('../fixtures/card-examples.json', import.meta.url);
  const examples = (JSON.parse(readFileSync(fixture, 'utf8')) as { cards: Record<string, ExampleCard> })
    .cards;
  let folder: string;
  let pcscd: PrivatePcscd;
  let agency: AgencySimulator;

  // A card service for each card: one that is put in before the last one's pull was noticed is not seen.
  beforeEach(async () => {
    pcscd = await startPrivatePcscd({ folder: join(folder, 'pcscd') });
  });

  afterEach(() => pcscd.stop());

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'guitai-card-'));
    agency = await startAgencySimulator({
      clock: systemClock,
      catalog: agencyCatalog(),
      policies: trainingPolicies(),
    });
    writeFileSync(join(folder, 'guitai.toml'), `[agency]\nurl = "${agency.url}"\n[reader]\nname = "00 00"\n`);
  });

  afterAll(async () => {
    await agency.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(['A', 'B', 'C'] as const)(
    'reads card %s through the real stack as the reference has it',
    async (id) => {
      const card = await connectToVirtualReader(makeTrainingCard(id), {
        host: '127.0.0.1',
        port: pcscd.channelPort,
        clock: systemClock,
      });
      const args = ['card', 'read', '--json', '--config', join(folder, 'guitai.toml')];
      const ended = await runProgram(args, { ...process.env, ...pcscd.env });
      await card.remove();
      expect(ended.err).toBe('');
      expect(ended.code).toBe(0);
      const read = object(JSON.parse(ended.out));
      const example = examples[id];
      expect(object(read['issuer'])).toMatchObject({
        cardId: example?.issuerRecords[0]?.slice(4),
        cardNumber: example?.cardNumber,
        version: example?.version,
        region: '990100',
        expiryDate: '2030-01-01',
      });
      expect(object(read['holder'])).toMatchObject({
        name: example?.name,
        socialSecurityNumber: example?.socialSecurityNumber,
      });
      expect([read['authenticatedBy'], read['warnings']]).toEqual(['agency', []]);
      expect(agency.control.violations()).toEqual([]);
    },
  );

  test('without a card it ends with 1 and card-none', async () => {
    const args = ['card', 'read', '--json', '--config', join(folder, 'guitai.toml')];
    const ended = await runProgram(args, { ...process.env, ...pcscd.env });
    expect(ended.code).toBe(1);
    expect(ended.err).toMatch(/^card-none: /);
  });
});
