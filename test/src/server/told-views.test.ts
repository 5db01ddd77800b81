import fc from 'fast-check';
import { immutableJSONPatch, type JSONPatchDocument } from 'immutable-json-patch';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ToldViews } from '#server/told-views';
import { type Answer, type Running, startServer, testToken } from '../../helpers/with-server.ts';

const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 1_000_000);

/** What a page does with an answer: the state that it has then. */
const applied = (before: unknown, changes: unknown) =>
  immutableJSONPatch(before, changes as JSONPatchDocument);

describe('states by their differences', () => {
  const line = fc.record(
    {
      code: fc.constantFrom('G1', 'G2', 'G~/3'),
      quantity: fc.integer({ min: 1, max: 4 }).map(String),
      'a/b~c': fc.option(fc.constantFrom('', '甲'), { nil: undefined }),
      reasons: fc.array(fc.record({ step: fc.constantFrom('ceiling', 'cap') }), { maxLength: 3 }),
    },
    { requiredKeys: ['code', 'quantity'] },
  );
  const state = fc.record(
    {
      revision: fc.integer({ min: 0, max: 9 }),
      lines: fc.array(line, { maxLength: 5 }),
      holder: fc.option(fc.record({ name: fc.constantFrom('甲', '乙') }), { nil: null }),
      notice: fc.oneof(fc.constant('x'), fc.constant(['x']), fc.record({ 0: fc.constant('x') })),
    },
    { requiredKeys: ['revision', 'lines'] },
  );

  test(`whatever follows whatever, the page has what the till said (seed ${seed})`, () => {
    const run = fc.array(state, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(run, (states) => {
        const told = new ToldViews();
        let page: { name: string; state: unknown } | undefined;
        for (const view of states) {
          const { name, changes } = told.tell(view, page?.name);
          expect(changes === undefined).toBe(page === undefined);
          const whole = JSON.parse(JSON.stringify(view));
          page = { name, state: page === undefined ? whole : applied(page.state, changes) };
          expect(page.state).toEqual(whole);
        }
      }),
      { numRuns: 2_000, seed },
    );
  });

  test('what the till changes in place later does not change what a page was told', () => {
    const told = new ToldViews();
    const lines = [{ quantity: '1' }];
    const first = told.tell({ lines }, undefined);
    lines.push({ quantity: '2' });
    expect(told.tell({ lines }, first.name).changes).toEqual([
      { op: 'add', path: '/lines/1', value: { quantity: '2' } },
    ]);
  });

  test('a name that was never given, is of another process, or was long ago gets the whole state', () => {
    const told = new ToldViews();
    const { name } = told.tell({ revision: 1 }, undefined);
    expect(new ToldViews().tell({ revision: 2 }, name).changes).toBeUndefined();
    expect(told.tell({ revision: 2 }, '7').changes).toBeUndefined();
    for (let count = 0; count < 20; count += 1) told.tell({ revision: count }, undefined);
    expect(told.tell({ revision: 2 }, name).changes).toBeUndefined();
  });
});

describe('the state of the till to a page', () => {
  const code = '6900000000001';
  let running: Running;
  beforeEach(async () => {
    running = await startServer();
  });
  afterEach(() => running.server.close());

  /** A page that says which state it has. */
  async function aPage() {
    const { cookie, csrf } = await running.page();
    const page = { cookie, origin: running.server.url, 'x-guitai-csrf': csrf };
    return (method: string, path: string, has: string, body?: unknown): Promise<Answer> =>
      running.send(method, path, {
        headers: { ...page, 'x-guitai-has': has },
        ...(body === undefined ? {} : { body }),
      });
  }
  const nameOf = ({ headers }: Answer) => String(headers['x-guitai-state']);
  const kindOf = ({ headers }: Answer) => String(headers['content-type']);

  test('each verb is answered by what changed, and that makes the whole state', async () => {
    const call = await aPage();
    await call('POST', '/api/shift/open', '', {});
    const first = await call('POST', '/api/scan', 'never given', { code });
    expect(kindOf(first)).toContain('application/json;');
    const second = await call('POST', '/api/scan', nameOf(first), { code });
    expect(kindOf(second)).toContain('application/json-patch+json');
    expect(second.text.length).toBeLessThan(first.text.length / 3);
    const third = await call('DELETE', '/api/sale/lines/1', nameOf(second), {});
    const now = applied(applied(first.json, second.json), third.json);
    expect(now).toEqual((await running.call('GET', '/api/till')).json);
    expect(now).toMatchObject({ sale: { lines: [] } });
  });

  test('a refusal names no state, and the page goes on from the one it has', async () => {
    const call = await aPage();
    await call('POST', '/api/shift/open', '', {});
    const first = await call('POST', '/api/scan', '', { code });
    const refused = await call('POST', '/api/scan', nameOf(first), { code: '4006381333931' });
    expect([refused.status, refused.headers['x-guitai-state']]).toEqual([422, undefined]);
    const left = await call('GET', '/api/till', nameOf(first));
    expect(applied(first.json, left.json)).toEqual((await running.call('GET', '/api/till')).json);
  });

  test('another program is always answered the whole state', async () => {
    const headers = { authorization: `Bearer ${testToken}` };
    const first = await running.send('GET', '/api/till', { headers });
    expect(first.headers['x-guitai-state']).toBeUndefined();
    const page = await aPage();
    const name = nameOf(await page('GET', '/api/till', ''));
    const again = await running.send('GET', '/api/till', { headers: { ...headers, 'x-guitai-has': name } });
    expect(again.json).toEqual(first.json);
  });
});
