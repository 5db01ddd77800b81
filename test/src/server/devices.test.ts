import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { customerView, deviceView, tillView } from '#checkout/view';
import { createLogger } from '#server/log';
import { terminalKeyRow } from '#server/schemas';
import { type Running, startServer, testToken } from '../../helpers/with-server.ts';

let running: Running;
let logged: string[];
beforeEach(async () => {
  logged = [];
  const destination = { write: (line: string) => void logged.push(line) };
  running = await startServer({ logger: createLogger({ level: 'debug', destination }) });
});
afterEach(() => running.server.close());

const second = { number: '02', pin: '222222' };

describe('holder and card', () => {
  test('an identity number identifies, someone acts for the holder, and the holder acts alone again', async () => {
    const identityNumber = '990101196001010019';
    const body = { identityNumber, name: '测试甲', reason: '卡片损坏' };
    const found = await running.call('POST', '/api/holder/identity-number', body);
    expect(tillView.parse(found.json).holder).toMatchObject({ medium: 'identity-number', name: '测试甲' });
    const person = { relation: 'child', name: '测试乙', identityNumber: '990101198501010019' };
    const acting = tillView.parse((await running.call('PUT', '/api/holder/acting-person', person)).json);
    expect(acting.sale.actingPerson).toMatchObject({ relation: 'child', name: '测试乙' });
    const alone = tillView.parse((await running.call('DELETE', '/api/holder/acting-person', {})).json);
    expect(alone.sale.actingPerson).toBeUndefined();
    expect(logged.join('')).not.toContain(identityNumber);
    expect(logged.join('')).not.toContain('测试乙');
  });

  test('the card PIN is changed with digits, or without any by the pad; no digit reaches the log', async () => {
    running.till.control.insertCard();
    const given: unknown[] = [];
    const change = running.till.changeCardPin.bind(running.till);
    running.till.changeCardPin = async (digits) => {
      given.push(digits);
      return digits === undefined ? { ok: true, value: running.till.view() } : change(digits);
    };
    const digits = { old: '123456', replacement: '987654' };
    expect((await running.call('POST', '/api/card/pin', digits)).status).toBe(200);
    expect((await running.call('POST', '/api/card/pin', {})).status).toBe(200);
    expect((await running.call('POST', '/api/card/pin')).status).toBe(200);
    expect(given).toEqual([digits, undefined, undefined]);
    const wrong = await running.call('POST', '/api/card/pin', { ...digits, old: '654321' });
    expect(wrong.json.error?.code).toBe('card-pin-wrong');
    for (const secret of ['123456', '987654', '654321']) expect(logged.join('')).not.toContain(secret);
    expect(logged.length).toBeGreaterThan(0);
  });

  test('an entry on the pad is cancelled from the till', async () => {
    running.till.control.set({ pin: { entry: 'pad', waiting: true } });
    const answer = await running.call('POST', '/api/pin-pad/cancel');
    expect(tillView.parse(answer.json).pin.waiting).toBe(false);
  });

  test('unblocking needs a second person, whose PIN cannot be guessed at speed', async () => {
    const page = await running.page();
    await page.call('POST', '/api/shift/open', {});
    const unblock = (credential: typeof second) =>
      page.call('POST', '/api/card/pin/unblock', { second: credential, reason: '持卡人忘记密码' });
    expect((await unblock({ number: '01', pin: '111111' })).json.error?.code).toBe('operator-second-needed');
    const startMs = performance.now();
    expect((await unblock({ ...second, pin: '000000' })).json.error?.code).toBe('operator-unknown');
    expect((await unblock({ ...second, pin: '000001' })).json.error?.code).toBe('operator-unknown');
    expect((await unblock(second)).status).toBe(200);
    // 250 ms after the first failure, 500 ms after the second.
    expect(performance.now() - startMs).toBeGreaterThan(700);
  });
});

describe('devices and keys', () => {
  test('devices are listed with state, fault and last fault; the drawer opens with a reason', async () => {
    const { devices } = (await running.call('GET', '/api/devices')).json as unknown as { devices: unknown };
    const scanner = deviceView
      .array()
      .parse(devices)
      .find(({ kind }) => kind === 'scanner');
    expect(scanner).toMatchObject({ state: 'fault', fault: { code: 'scanner-missing' }, faults: 2 });
    expect((await running.call('POST', '/api/drawer/open', { reason: '顾客换零钱' })).status).toBe(200);
    expect((await running.call('POST', '/api/drawer/open', { reason: '换' })).json.error?.code).toBe(
      'reason-missing',
    );
  });

  test('a key is enrolled, rotated and revoked by two people', async () => {
    await running.call('POST', '/api/shift/open', { number: '01', pin: '111111' });
    const keys = async () => {
      const answer = await running.call('GET', '/api/keys');
      return terminalKeyRow
        .array()
        .parse((answer.json as unknown as { keys: unknown }).keys)
        .map(({ state }) => state);
    };
    await running.call('POST', '/api/keys/enrol', { enrolmentCode: 'one-time-7' });
    expect(await keys()).toEqual(['enrolled']);
    await running.call('POST', '/api/keys/rotate');
    expect(await keys()).toEqual(['retired', 'enrolled']);
    const wrong = { second: { ...second, pin: '000000' }, reason: '设备曾经失窃' };
    expect((await running.call('POST', '/api/keys/revoke', wrong)).json.error?.code).toBe('operator-unknown');
    expect(await keys()).toEqual(['retired', 'enrolled']);
    const revoked = await running.call('POST', '/api/keys/revoke', { ...wrong, second });
    expect(terminalKeyRow.parse(revoked.json).state).toBe('revoked');
    expect(logged.join('')).not.toContain('one-time-7');
  });

  test('none of it is given without a session or token', async () => {
    for (const [method, path] of [
      ['GET', '/api/devices'],
      ['GET', '/api/customer'],
      ['GET', '/api/keys'],
    ] as const) {
      expect((await running.send(method, path)).json.error?.code).toBe('session-missing');
    }
    const origin = running.server.url;
    for (const path of ['/api/keys/rotate', '/api/card/pin', '/api/drawer/open', '/api/pin-pad/cancel']) {
      const answer = await running.send('POST', path, { headers: { origin }, body: {} });
      expect([path, answer.json.error?.code]).toEqual([path, 'session-missing']);
    }
  });
});

describe("the customer's screen", () => {
  test('it is told every change, and nothing but what the customer may see', async () => {
    const url = `ws://127.0.0.1:${running.server.address.port}/api/customer/live`;
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${testToken}` } });
    const messages: string[] = [];
    socket.on('message', (data) => messages.push(String(data)));
    await expect.poll(() => messages.length).toBe(1);
    running.till.control.insertCard();
    await running.call('POST', '/api/scan', { code: '6900000000001' });
    await expect.poll(() => messages.at(-1)).toContain('阿莫西林');
    const last = JSON.parse(messages.at(-1) ?? '{}');
    expect(last.type).toBe('customer');
    expect(customerView.parse(last.customer)).toMatchObject({ holderName: '测**', total: '12.50' });
    for (const kept of ['990101', 'T0000001A', '柜员', '测试甲'])
      expect(messages.join('')).not.toContain(kept);
    const asked = await running.call('GET', '/api/customer');
    expect(asked.json).toEqual(last.customer);
    socket.close();
  });

  test('a page without a session gets no live connection', async () => {
    const url = `ws://127.0.0.1:${running.server.address.port}/api/customer/live`;
    const status = await new Promise<number>((resolve, reject) => {
      const socket = new WebSocket(url, { headers: { origin: running.server.url } });
      socket.on('open', () => reject(new Error('it was opened')));
      socket.on('error', () => undefined);
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode ?? 0);
        socket.terminate();
      });
    });
    expect(status).toBe(401);
  });
});
