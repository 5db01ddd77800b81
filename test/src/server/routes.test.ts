import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { saleSummary, tillView } from '#checkout/view';
import { ServerStartError } from '#server/create-server';
import { receiptAnswer } from '#server/schemas';
import { type Running, startServer, testToken } from '../../helpers/with-server.ts';

let running: Running;
beforeEach(async () => {
  running = await startServer();
});
afterEach(() => running.server.close());

const code = '6900000000001';

describe('a sale by another program', () => {
  test('one call sells a basket, and the same reference answers the same sale instead of a second one', async () => {
    await running.call('POST', '/api/shift/open', { number: '01', pin: '111111' });
    running.till.control.insertCard();
    const basket = { reference: 'r-1', lines: [{ code, quantity: '2' }], pay: 'account' };
    const first = await running.call('POST', '/api/sales', basket);
    const again = await running.call('POST', '/api/sales', basket);
    expect(first.status).toBe(200);
    expect(receiptAnswer.parse(first.json).summary.total).toBe('25.00');
    expect(again.json).toEqual(first.json);
    const list = await running.call('GET', '/api/sales');
    const sales = saleSummary.array().parse((list.json as { sales?: unknown }).sales);
    expect(sales).toHaveLength(1);
    const slip = await running.call('GET', `/api/sales/${sales[0]?.saleId}/slip.svg`);
    expect(slip.headers['content-type']).toContain('image/svg+xml');
    expect(slip.text).toContain('<svg');
  });

  test('step by step: scan, quantity, quote, pay, cancel by a second person', async () => {
    const page = await running.page();
    expect((await page.call('POST', '/api/shift/open', {})).status).toBe(200);
    await page.call('POST', '/api/scan', { code });
    await page.call('PATCH', '/api/sale/lines/1', { quantity: '3' });
    await page.call('POST', '/api/sale/lines', { shopCode: 'G0006', quantity: '1' });
    await page.call('DELETE', '/api/sale/lines/2', {});
    const quoted = tillView.parse((await page.call('POST', '/api/sale/quote')).json);
    expect(quoted.sale).toMatchObject({ state: 'confirming', total: '37.50', split: { cash: '37.50' } });
    const tenders = [{ kind: 'cash', amount: '40' }];
    const paid = await page.call('POST', '/api/sale/pay', {
      mode: 'own-pay',
      tenders,
      expectedCash: '37.50',
    });
    const done = tillView.parse(paid.json);
    expect(done.sale).toMatchObject({ state: 'done', changeDue: '2.50' });
    const cancelled = await page.call('POST', `/api/sales/${done.sale.saleId}/cancel`, {
      second: { number: '02', pin: '222222' },
      reason: '退货',
    });
    expect(cancelled.status).toBe(200);
    expect(running.till.sales()[0]?.state).toBe('cancelled');
  });

  test('expected faults keep their code, next step and class: 422 for good, 409 while unclear', async () => {
    const unknown = await running.call('POST', '/api/scan', { code: '4006381333931' });
    expect([unknown.status, unknown.json.error?.code]).toEqual([422, 'catalog-product-unknown']);
    expect(unknown.json.error?.nextZh).not.toBe('');
    await running.call('POST', '/api/scan', { code });
    await running.call('POST', '/api/sale/quote');
    running.till.control.nextPayment('agency-unreachable');
    const tenders = [{ kind: 'cash', amount: '12.50' }];
    const lost = await running.call('POST', '/api/sale/pay', { mode: 'own-pay', tenders });
    expect([lost.status, lost.json.error?.code]).toEqual([409, 'agency-unreachable']);
    const missing = await running.call('GET', '/api/sales/s-999999');
    expect([missing.status, missing.json.error?.code]).toEqual([404, 'sale-not-found']);
  });

  test('a program opens a shift only with number and PIN', async () => {
    for (const body of [{}, { number: '01' }, { number: '01', pin: '999999' }]) {
      expect((await running.call('POST', '/api/shift/open', body)).status).toBeGreaterThanOrEqual(400);
    }
    expect(running.till.view().shift.state).toBe('signed-out');
  });
});

describe('bad input costs nothing and is told with a code', () => {
  const bad: [string, string, unknown][] = [
    ['POST', '/api/scan', {}],
    ['POST', '/api/scan', { code: 5 }],
    ['POST', '/api/scan', { code: '' }],
    ['POST', '/api/scan', { code: 'a'.repeat(513) }],
    ['POST', '/api/scan', { code: 'a\u0000b' }],
    ['POST', '/api/scan', { code: '1', extra: true }],
    ['POST', '/api/scan', [1]],
    ['POST', '/api/scan', null],
    ['PATCH', '/api/sale/lines/0', { quantity: '1' }],
    ['PATCH', '/api/sale/lines/x', { quantity: '1' }],
    ['PATCH', '/api/sale/lines/1', { quantity: 1 }],
    ['PATCH', '/api/sale/lines/1', { quantity: '-1' }],
    ['PATCH', '/api/sale/lines/1', { quantity: '1e3' }],
    ['POST', '/api/sale/pay', { mode: 'free', tenders: [] }],
    ['POST', '/api/sale/pay', { mode: 'insured', tenders: [{ kind: 'cash', amount: 1.5 }] }],
    ['POST', '/api/sale/pay', { mode: 'insured', tenders: [{ kind: 'cash', amount: '-1.00' }] }],
    ['POST', '/api/sale/pay', { mode: 'insured', tenders: [{ kind: 'cash', amount: '1.001' }] }],
    ['POST', '/api/sales', { reference: 'r', lines: [], pay: 'cash' }],
    ['POST', '/api/sales', { reference: 'r', lines: [{ code: '1', quantity: 'two' }], pay: 'cash' }],
    ['GET', '/api/sales?day=yesterday', undefined],
    ['GET', '/api/search', undefined],
    ['GET', '/api/search?q=a&limit=1000', undefined],
    ['GET', '/api/sales/..%2f..%2fetc', undefined],
    ['POST', '/api/training/agency-fault', { fault: 'fire' }],
    ['POST', '/api/account', { useAccount: 'yes' }],
    ['PUT', '/api/sale/visit', { diseaseCode: '糖尿病' }],
    ['POST', '/api/scan', { code: 'a\u001db\u001e' }],
    ['POST', '/api/holder/identity-number', { identityNumber: '990101196001010019', name: '测试甲' }],
    ['POST', '/api/holder/identity-number', { identityNumber: '9901 01', name: '测试甲', reason: 'x' }],
    ['PUT', '/api/holder/acting-person', { relation: 'friend', name: '测试乙', identityNumber: '990101' }],
    ['POST', '/api/card/pin', { old: '12', replacement: '123456' }],
    ['POST', '/api/card/pin', { old: '123456' }],
    ['POST', '/api/card/pin', { old: '123456', replacement: '12345x' }],
    ['POST', '/api/card/pin/unblock', { second: { number: '02', pin: '222222' } }],
    ['POST', '/api/drawer/open', { reason: '' }],
    ['POST', '/api/keys/enrol', {}],
    ['POST', '/api/keys/revoke', { reason: 'x' }],
    ['POST', '/api/carry/out', { terminal: '02' }],
    ['POST', '/api/carry/in', { file: '' }],
    ['POST', '/api/carry/take-back', { number: '0001-7F3A', reason: '退回' }],
  ];
  test.each(bad)('%s %s %j answers 400 request-invalid', async (method, path, body) => {
    const before = JSON.stringify(running.till.view());
    const answer = await running.call(method, path, body);
    expect([answer.status, answer.json.error?.code]).toEqual([400, 'request-invalid']);
    expect(answer.json.error?.nextZh).not.toBe('');
    expect(JSON.stringify(running.till.view())).toBe(before);
  });

  test('the words of the refusal name the field and not what was sent', async () => {
    const answer = await running.call('POST', '/api/session', { number: '01', pin: 'p n-123456' });
    expect(answer.text).toContain('body.pin');
    expect(answer.text).not.toContain('123456');
  });

  test('broken JSON, another type, a prototype trick and an oversize body are refused', async () => {
    const authorization = `Bearer ${testToken}`;
    const json = 'application/json';
    const send = (raw: string, type: string) =>
      running.send('POST', '/api/scan', { headers: { authorization, 'content-type': type }, raw });
    const cases: [string, string, number, string][] = [
      ['{"code":', json, 400, 'request-invalid'],
      ['{"__proto__":{"code":"1"}}', json, 400, 'request-invalid'],
      ['code=1', 'application/x-www-form-urlencoded', 415, 'request-not-json'],
      ['{"code":"1"}', 'text/plain', 415, 'request-not-json'],
      [`{"code":"${'1'.repeat(300_000)}"}`, json, 413, 'request-too-large'],
    ];
    for (const [raw, type, status, expected] of cases) {
      const answer = await send(raw, type);
      expect([answer.status, answer.json.error?.code]).toEqual([status, expected]);
    }
  });

  test('an unknown address or method is coded too', async () => {
    for (const [method, path] of [
      ['GET', '/api/none'],
      ['PUT', '/api/scan'],
      ['GET', '/../package.json'],
      ['GET', '/%zz'],
    ] as const) {
      const answer = await running.call(method, path);
      expect([404, 400]).toContain(answer.status);
      expect(['route-unknown', 'request-invalid']).toContain(answer.json.error?.code);
    }
  });

  test('a bug in the till answers a code and tells nothing of what it worked on', async () => {
    running.till.scan = () => Promise.reject(new Error('holder 测试甲 990101'));
    const answer = await running.call('POST', '/api/scan', { code });
    expect([answer.status, answer.json.error?.code]).toEqual([500, 'server-internal']);
    expect(answer.text).not.toContain('测试甲');
  });
});

describe('training and start', () => {
  test('a real shop has no training routes', async () => {
    await running.server.close();
    const { createServer } = await import('#server/create-server');
    const { systemClock } = await import('#core/clock');
    const server = await createServer({ till: running.till, clock: systemClock, token: testToken, port: 0 });
    const answer = await fetch(`${server.url}/api/training`, {
      headers: { authorization: `Bearer ${testToken}` },
    });
    expect(answer.status).toBe(404);
    await server.close();
    running = await startServer();
  });

  test('the training switches reach the devices', async () => {
    await running.call('POST', '/api/training/card', { cardId: 'card-a' });
    expect(running.till.view().holder.name).toBe('测试甲');
    await running.call('POST', '/api/training/card', { cardId: null });
    expect(running.till.view().holder.state).toBe('none');
    await running.call('POST', '/api/training/printer', { paperOut: true });
    expect(running.till.view().printer.fault?.code).toBe('printer-paper-out');
    expect((await running.call('POST', '/api/training/card', { cardId: 'none' })).status).toBe(404);
  });

  test('a taken port is told with a code', async () => {
    const failure = startServer({ port: running.server.address.port });
    await expect(failure).rejects.toBeInstanceOf(ServerStartError);
    await expect(failure).rejects.toMatchObject({ fault: { code: 'port-unavailable' } });
  });
});
