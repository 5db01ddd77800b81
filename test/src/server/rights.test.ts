import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { Sessions } from '#server/sessions';
import { type Running, startServer } from '../../helpers/with-server.ts';

let running: Running;
beforeEach(async () => {
  running = await startServer();
});
afterEach(() => running.server.close());

const second = { number: '01', pin: '111111' };
const reason = '新员工入职';
const inspector = {
  number: '09',
  name: '稽核员',
  role: 'inspector',
  password: 'k7-mountain',
  second,
  reason,
};

/** The fake till knows no passwords of added operators: a session is opened as the manager and the role changed. */
async function inspectorsPage() {
  const page = await running.page('02', '222222');
  const [, manager] = running.till.operatorRows();
  if (manager !== undefined) running.till.office.put({ ...manager, role: 'inspector' });
  return page;
}

describe('rights by role', () => {
  test('an inspector reads everything of the back office and changes nothing at all', async () => {
    const page = await inspectorsPage();
    for (const path of [
      '/api/till',
      '/api/sales',
      '/api/office/operators',
      '/api/office/looks',
      '/api/office/day?day=2026-03-02',
      '/api/office/settings',
      '/api/office/settings/check',
      '/api/office/journal/verify',
      '/api/journal/verify',
    ])
      expect([path, (await page.call('GET', path)).status]).toEqual([path, 200]);
    const document = (await running.send('GET', '/api/openapi.json')).json as unknown as {
      paths: Record<string, Record<string, unknown>>;
    };
    const changes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'get')
        .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '1')}`),
    );
    const own = ['POST /api/session', 'DELETE /api/session', 'POST /api/session/lock'];
    // Open to nobody once there is an operator: asked below.
    own.push('POST /api/setup/manager');
    const reads = ['POST /api/office/journal/verify', 'POST /api/office/own-secret'];
    const forbidden = changes.filter((change) => ![...own, ...reads].includes(change));
    expect(forbidden.length).toBeGreaterThan(50);
    for (const change of forbidden) {
      const [method = '', path = ''] = change.split(' ');
      const answer = await page.call(method, path, {});
      expect([change, answer.status, answer.json.error?.code]).toEqual([change, 403, 'right-missing']);
    }
    expect((await page.call('POST', '/api/office/journal/verify')).status).toBe(200);
    const first = { code: '12345678', number: '08', name: '外人', password: 'k7-mountain' };
    const setup = await page.call('POST', '/api/setup/manager', first);
    expect(setup.json.error?.code).toBe('setup-over');
  });

  test('a cashier sells, and sees nothing of the back office', async () => {
    const page = await running.page();
    expect((await page.call('POST', '/api/shift/open', {})).status).toBe(200);
    for (const path of ['operators', 'looks', 'day', 'settings', 'settings/check', 'journal/verify']) {
      const answer = await page.call('GET', `/api/office/${path}`);
      expect([path, answer.status, answer.json.error?.code]).toEqual([path, 403, 'right-missing']);
    }
    const answer = await page.call('POST', '/api/office/operators', inspector);
    expect([answer.status, answer.json.error?.code]).toEqual([403, 'right-missing']);
  });

  test('a manager adds an operator with a second person, and never alone or by the token of a program', async () => {
    const page = await running.page('02', '222222');
    const alone = { ...inspector, second: { number: '02', pin: '222222' } };
    const refused = await page.call('POST', '/api/office/operators', alone);
    expect(refused.json.error?.code).toBe('operator-second-needed');
    const program = await running.call('POST', '/api/office/operators', inspector);
    expect([program.status, program.json.error?.code]).toEqual([401, 'session-missing']);
    expect((await page.call('POST', '/api/office/operators', inspector)).status).toBe(200);
    expect(running.till.operatorRows().map(({ number }) => number)).toContain('09');
  });

  test('the session of an operator who is disabled ends at once', async () => {
    const cashier = await running.page();
    const manager = await running.page('02', '222222');
    const change = { state: 'disabled', second, reason: '已经离职了' };
    expect((await manager.call('PATCH', '/api/office/operators/01', change)).status).toBe(200);
    const answer = await cashier.call('GET', '/api/till');
    expect([answer.status, answer.json.error?.code]).toEqual([401, 'session-missing']);
  });
});

describe('whose session sells', () => {
  const body = { number: '01', pin: '111111' };

  test('what acts on the sale is refused to everybody but the operator of the open shift, until it is taken over', async () => {
    const cashier = await running.page();
    const manager = await running.page('02', '222222');
    await cashier.call('POST', '/api/shift/open', {});
    await cashier.call('POST', '/api/scan', { code: '6900000000001' });
    const before = running.till.view();
    const document = (await running.send('GET', '/api/openapi.json')).json as unknown as {
      paths: Record<string, Record<string, unknown>>;
    };
    const counter = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'get')
        .filter(() => /^\/api\/(?:sales?|scan|card|holder|account|drawer|pin-pad)(?:\/|$)/.test(path))
        .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '1')}`),
    );
    const others = counter.filter((change) => change !== 'POST /api/sales/1/decide');
    expect(others.length).toBeGreaterThan(25);
    for (const change of [...others, 'POST /api/shift/close']) {
      const [method = '', path = ''] = change.split(' ');
      const answer = await manager.call(method, path, {});
      expect([change, answer.status, answer.json.error?.code]).toEqual([change, 403, 'shift-of-another']);
      expect(answer.json.error?.nextZh).toContain('接班');
      expect(answer.json.error?.nextEn).toContain('take the shift over');
    }
    expect(running.till.view()).toBe(before);
    // Another program acts for the shop, and reading is for everybody.
    expect((await running.call('POST', '/api/scan', { code: '6900000000001' })).status).toBe(200);
    expect((await manager.call('GET', '/api/till')).status).toBe(200);
    expect((await manager.call('POST', '/api/shift/open', {})).status).toBe(200);
    expect((await manager.call('POST', '/api/scan', { code: '6900000000001' })).status).toBe(200);
    const late = await cashier.call('POST', '/api/sale/clear');
    expect(late.json.error?.code).toBe('shift-of-another');
  });

  test('a look at a sale or its slip is kept under whoever looks, not under the operator of the shift', async () => {
    await running.call('POST', '/api/shift/open', body);
    await running.call('POST', '/api/scan', { code: '6900000000001' });
    await running.call('POST', '/api/sale/quote');
    const tenders = [{ kind: 'cash', amount: '20' }];
    await running.call('POST', '/api/sale/pay', { mode: 'own-pay', tenders });
    const saleId = running.till.sales()[0]?.saleId ?? '';
    const inspector = await inspectorsPage();
    await inspector.call('GET', `/api/sales/${saleId}`);
    await inspector.call('GET', `/api/sales/${saleId}/slip.svg`);
    await running.call('GET', `/api/sales/${saleId}`);
    expect(running.till.lookedAt).toEqual([`02 ${saleId}`, `02 ${saleId}`, `program ${saleId}`]);
  });
});

describe('two people are two people', () => {
  test('who is signed in on the page cannot be the second person, whoever opened the shift', async () => {
    const cashier = await running.page();
    await cashier.call('POST', '/api/shift/open', {});
    await cashier.call('POST', '/api/scan', { code: '6900000000001' });
    await cashier.call('POST', '/api/sale/quote');
    await cashier.call('POST', '/api/sale/pay', {
      mode: 'own-pay',
      tenders: [{ kind: 'cash', amount: '20' }],
    });
    const saleId = running.till.sales()[0]?.saleId ?? '';
    const manager = await running.page('02', '222222');
    const body = {
      decision: { kind: 'written-off' },
      second: { number: '02', pin: '222222' },
      reason: '顾客退货',
    };
    const refused = await manager.call('POST', `/api/sales/${saleId}/decide`, body);
    expect(refused.json.error?.code).toBe('operator-second-needed');
    expect(running.till.sales()[0]?.state).toBe('done');
  });
});

describe('the lock of an idle page', () => {
  const operator = { number: '01', name: '柜员甲', role: 'cashier' } as const;

  test('counts from the last use, and asking for the lock is no use', async () => {
    const clock = new ManualClock(0);
    const sessions = new Sessions(clock);
    const { id } = sessions.open(operator);
    for (const minutes of [4, 4, 4]) {
      await clock.advance(minutes * 60_000);
      sessions.find(id);
      sessions.idleMs(id);
    }
    sessions.find(id);
    expect(sessions.idleMs(id)).toBe(12 * 60_000);
    sessions.find(id);
    await clock.advance(1_000);
    sessions.find(id);
    expect(sessions.idleMs(id)).toBe(1_000);
  });

  test('a page in use is not locked; an idle one is signed out and the basket stays', async () => {
    const page = await running.page();
    await page.call('POST', '/api/shift/open', {});
    await page.call('POST', '/api/scan', { code: '6900000000001' });
    expect((await page.call('POST', '/api/session/lock')).json).toEqual({ locked: false });
    running.till.office.lock.minutes = 0.000_001;
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect((await page.call('POST', '/api/session/lock')).json).toEqual({ locked: true });
    expect((await page.call('GET', '/api/till')).status).toBe(401);
    expect(running.till.view().sale.lines).toHaveLength(1);
  });

  test('the quick PIN counts for twelve hours from the password', async () => {
    const clock = new ManualClock(0);
    const sessions = new Sessions(clock);
    expect(sessions.provedLately('01')).toBe(false);
    sessions.provedPassword('01');
    await clock.advance(11 * 3_600_000);
    expect(sessions.provedLately('01')).toBe(true);
    await clock.advance(3_600_000);
    expect(sessions.provedLately('01')).toBe(false);
  });
});
