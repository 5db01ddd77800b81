import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { fault } from '#core/fault';
import { ManualClock } from '#core/manual-clock';
import { err, ok } from '#core/result';
import { Attempts } from '#server/attempts';
import { readOrCreateToken } from '#server/create-server';
import { createLogger } from '#server/log';
import { Sessions } from '#server/sessions';
import { type Running, startServer, testToken } from '../../helpers/with-server.ts';

let running: Running | undefined;
afterEach(async () => {
  await running?.server.close();
  running = undefined;
});

describe('the session of the page', () => {
  test('a PIN gives a cookie that scripts and other sites cannot use, and a check value', async () => {
    running = await startServer();
    const answer = await running.send('POST', '/api/session', {
      headers: { origin: running.server.url },
      body: { number: '01', pin: '111111' },
    });
    const cookie = String(answer.headers['set-cookie']);
    expect(answer.status).toBe(200);
    expect(cookie).toContain(`guitai-session-${running.server.address.port}=`);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(Object.keys(answer.json).sort()).toEqual(['csrf', 'operator']);
  });

  test('a wrong PIN is refused with the same words as an unknown operator', async () => {
    running = await startServer();
    const headers = { origin: running.server.url };
    const wrong = await running.send('POST', '/api/session', {
      headers,
      body: { number: '01', pin: '999999' },
    });
    const unknown = await running.send('POST', '/api/session', {
      headers,
      body: { number: '77', pin: '999999' },
    });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.text).toBe(unknown.text);
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  test('nothing changes without Origin, without check value, or with that of another session', async () => {
    running = await startServer();
    const page = await running.page();
    const other = await running.page('02', '222222');
    const { url } = running.server;
    const body = { code: '6900000000001' };
    const cases: [Record<string, string>, string][] = [
      [{ cookie: page.cookie, 'x-guitai-csrf': page.csrf }, 'origin-forbidden'],
      [{ cookie: page.cookie, origin: url }, 'session-stale'],
      [{ cookie: page.cookie, origin: url, 'x-guitai-csrf': 'x' }, 'session-stale'],
      [{ cookie: page.cookie, origin: url, 'x-guitai-csrf': other.csrf }, 'session-stale'],
      [{ origin: url, 'x-guitai-csrf': page.csrf }, 'session-missing'],
    ];
    for (const [headers, code] of cases) {
      const answer = await running.send('POST', '/api/scan', { headers, body });
      expect([answer.json.error?.code, answer.status]).toEqual([
        code,
        code === 'session-missing' ? 401 : 403,
      ]);
    }
    expect(running.till.view().sale.lines).toEqual([]);
    expect((await page.call('POST', '/api/scan', body)).status).toBe(200);
  });

  test('a sign-in without Origin and token is refused, so another program cannot pose as a page', async () => {
    running = await startServer();
    const answer = await running.send('POST', '/api/session', { body: { number: '01', pin: '111111' } });
    expect([answer.status, answer.json.error?.code]).toEqual([403, 'origin-forbidden']);
  });

  test('twelve idle hours end a session; activity keeps it', async () => {
    const clock = new ManualClock(0);
    const sessions = new Sessions(clock);
    const { id } = sessions.open({ number: '01', name: '甲', role: 'cashier' });
    await clock.advance(11 * 3_600_000);
    expect(sessions.find(id)?.operator.number).toBe('01');
    await clock.advance(11 * 3_600_000);
    expect(sessions.find(id)).toBeDefined();
    await clock.advance(12 * 3_600_000 + 1);
    expect(sessions.find(id)).toBeUndefined();
  });

  test('the PIN hints of the training shop are not given by a real one', async () => {
    running = await startServer();
    running.till.control.set({ training: false });
    expect((await running.send('GET', '/api/shop')).text).not.toContain('111111');
  });
});

describe('guessing', () => {
  test('each failure doubles the wait of the next try; success ends it; parallel tries gain nothing', async () => {
    const clock = new ManualClock(0);
    const attempts = new Attempts(clock);
    const connection = {};
    let checked = 0;
    const guess = (right = false) =>
      attempts.run('01', connection, async () => {
        checked += 1;
        return right ? ok(true) : err(fault('operator-unknown'));
      });
    await guess();
    const parallel = [guess(), guess(), guess(), guess()];
    expect((await guess()).ok).toBe(false);
    await clock.advance(0);
    expect(checked).toBe(1);
    await clock.advance(249);
    expect(checked).toBe(1);
    await clock.advance(1);
    expect(checked).toBe(2);
    await clock.advance(500);
    expect(checked).toBe(3);
    await clock.advance(1000 + 2000);
    expect(checked).toBe(5);
    await Promise.all(parallel);
    const right = guess(true);
    await clock.advance(0);
    await clock.advance(4000);
    expect((await right).ok).toBe(true);
    expect((await guess(true)).ok).toBe(true);
  });

  test('a fifth waiting guess is refused at once with a code', async () => {
    const attempts = new Attempts(new ManualClock(0));
    const never = () => new Promise<never>(() => undefined);
    for (let i = 0; i < 4; i += 1) void attempts.run('01', {}, never);
    const result = await attempts.run('01', {}, never);
    expect(result.ok ? '' : result.error.code).toBe('attempts-too-many');
  });

  test('the second person of a cancellation is slowed in the same lane', async () => {
    const clock = new ManualClock(0);
    running = await startServer({ clock });
    const body = { second: { number: '02', pin: '000000' }, reason: '退货' };
    expect((await running.call('POST', '/api/sales/s-1/cancel', body)).json.error?.code).toBe(
      'operator-unknown',
    );
    let answered = false;
    const second = running.call('POST', '/api/sales/s-1/cancel', body).then((answer) => {
      answered = true;
      return answer;
    });
    // A later request on another connection is answered first: the wait costs the till nothing.
    expect((await running.call('GET', '/api/till')).status).toBe(200);
    expect(answered).toBe(false);
    await clock.advance(250);
    expect((await second).json.error?.code).toBe('operator-unknown');
  });
});

describe('secrets', () => {
  test('the token file is made for its owner only, kept, and refused when others may read it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'guitai-token-'));
    const path = join(folder, 'api-token');
    const made = readOrCreateToken(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readOrCreateToken(path)).toEqual(made);
    expect(readFileSync(path, 'utf8').trim()).toHaveLength(43);
    chmodSync(path, 0o644);
    expect(readOrCreateToken(path)).toMatchObject({ ok: false, error: { code: 'token-file-exposed' } });
    chmodSync(path, 0o600);
    writeFileSync(path, 'short\n');
    expect(readOrCreateToken(path)).toMatchObject({ ok: false, error: { code: 'token-file-exposed' } });
    rmSync(folder, { recursive: true });
  });

  test('a program killed while it wrote its first token leaves none under its name, and the next start makes one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'guitai-token-'));
    const path = join(folder, 'api-token');
    // As a kill leaves it: begun, and not yet renamed.
    writeFileSync(`${path}.new`, 'cut o', { mode: 0o644 });
    const made = readOrCreateToken(path);
    expect(made.ok && made.value).toHaveLength(43);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['api-token']);
    rmSync(folder, { recursive: true });
  });

  test('the log holds routes, statuses and codes, and no PIN, token, name, search word or sale number', async () => {
    const lines: string[] = [];
    const logger = createLogger({ destination: { write: (line: string) => lines.push(line) } });
    running = await startServer({ logger });
    const page = await running.page();
    running.till.control.insertCard();
    await page.call('GET', `/api/search?q=${encodeURIComponent('测试甲')}`);
    await page.call('GET', '/api/sales/s-secret-number');
    await page.call('POST', '/api/session', { number: '01', pin: '765432' });
    await running.call('GET', '/api/till');
    logger.info({ holder: { name: '测试甲' }, deep: { pin: '111111' }, token: testToken });
    const log = lines.join('');
    expect(log).toContain('"route":"/api/sales/:saleId"');
    expect(log).toContain('"fault":"sale-not-found"');
    for (const secret of [
      '111111',
      '765432',
      testToken,
      '测试甲',
      's-secret-number',
      page.csrf,
      page.cookie,
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});
