import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { Caller, node, rows, start } from './caller.ts';
import { enrolledKey, TestKey } from './offline-proofs.ts';

async function shop() {
  const clock = new ManualClock(Date.parse('2026-11-20T09:00:00+08:00'));
  const agency = await start({ clock, enrolmentCodes: ['AB12-CD34'] });
  return { clock, agency, caller: new Caller(agency, clock) };
}

describe('terminal keys', () => {
  it('a first key is taken for a one-time code, once, and a repeated question is no second use', async () => {
    const { agency, caller } = await shop();
    const key = new TestKey();
    expect((await key.enrol(caller, 'WRONG')).text).toContain('终端注册码不正确');
    expect(await key.enrol(caller, 'AB12-CD34')).toMatchObject({ infcode: '0' });
    expect(await key.enrol(caller, 'AB12-CD34')).toMatchObject({ infcode: '0' });
    expect((await new TestKey().enrol(caller, 'AB12-CD34')).text).toContain('终端注册码已使用');
    expect(agency.control.terminalKeys()).toMatchObject([
      { keyId: key.keyId, institution: 'P99010000001', state: 'enrolled' },
    ]);
    const code = agency.control.issueEnrolmentCode();
    expect(await new TestKey().enrol(caller, code)).toMatchObject({ infcode: '0' });
    expect(agency.control.terminalKeys()).toHaveLength(2);
  });

  it('a key id that is not the hash of the key is refused', async () => {
    const { caller } = await shop();
    const key = new TestKey();
    const answer = await caller.call('G001', {
      data: {
        key_oper: '1',
        key_id: new TestKey().keyId,
        pub_key: key.pair.publicKey,
        enrl_code: 'AB12-CD34',
      },
    });
    expect(answer.text).toContain('密钥编号与公钥不符');
  });

  it('a rotation needs the signature of the key it replaces', async () => {
    const { agency, caller } = await shop();
    const old = await enrolledKey(agency, caller);
    const next = new TestKey();
    const thief = new TestKey();
    const forged = await caller.call('G001', {
      data: {
        key_oper: '2',
        key_id: thief.keyId,
        pub_key: thief.pair.publicKey,
        old_key_id: old.keyId,
        old_key_sign: '1'.repeat(128),
      },
    });
    expect(forged.text).toContain('原终端密钥签名不符');
    expect((await next.change(caller, 'rotate', thief)).text).toContain('原终端密钥未注册');
    expect(await next.change(caller, 'rotate', old)).toMatchObject({ infcode: '0' });
    // The answer was lost, the terminal asks again.
    expect(await next.change(caller, 'rotate', old)).toMatchObject({ infcode: '0' });
    expect((await thief.change(caller, 'rotate', old)).text).toContain('原终端密钥已停用');
    expect(agency.control.terminalKeys().map(({ keyId, state }) => [keyId, state])).toEqual([
      [old.keyId, 'retired'],
      [next.keyId, 'enrolled'],
    ]);
  });

  it('a terminal revokes its own key, and control any; a revoked key changes nothing any more', async () => {
    const { agency, caller } = await shop();
    const first = await enrolledKey(agency, caller);
    const second = await enrolledKey(agency, caller);
    expect(await first.change(caller, 'revoke', first)).toMatchObject({ infcode: '0' });
    expect(await first.change(caller, 'revoke', first)).toMatchObject({ infcode: '0' });
    expect((await new TestKey().change(caller, 'rotate', first)).text).toContain('已停用');
    expect(agency.control.revokeKey(second.keyId)).toBe(true);
    expect(agency.control.revokeKey(second.keyId)).toBe(false);
    expect((await new TestKey().change(caller, 'rotate', second)).text).toContain('已停用');
    const code = agency.control.issueEnrolmentCode();
    expect((await first.enrol(caller, code)).text).toContain('该终端密钥已停用');
    expect(agency.control.terminalKeys().map(({ state }) => state)).toEqual(['revoked', 'revoked']);
  });
});

describe('the blacklist', () => {
  const ask = async (caller: Caller, ver: string) => caller.call('G002', { data: { ver } });

  it('comes whole to whoever has another version, and is named unchanged to the others', async () => {
    const { agency, caller } = await shop();
    const empty = await ask(caller, '');
    expect(node(empty.output, 'result')).toMatchObject({ ver: '0000000001', chg_flag: '1' });
    expect(rows(empty.output, 'cards')).toEqual([]);
    agency.control.blacklistAdd('z00000012');
    agency.control.blacklistAdd({ from: 'Z00000100', to: 'Z00000199' });
    const listed = await ask(caller, '0000000001');
    expect(node(listed.output, 'result')).toMatchObject({
      ver: '0000000003',
      upd_time: '2026-11-20 09:00:00',
    });
    expect(rows(listed.output, 'cards')).toEqual([{ card: 'Z00000012' }]);
    expect(rows(listed.output, 'ranges')).toEqual([{ beg_card: 'Z00000100', end_card: 'Z00000199' }]);
    expect(node((await ask(caller, '0000000003')).output, 'result')).toMatchObject({ chg_flag: '0' });
    expect(agency.control.blacklistRemove('Z00000012')).toBe(true);
    expect(agency.control.blacklistRemove('Z00000012')).toBe(false);
    expect(agency.control.blacklist()).toMatchObject({ version: '0000000004', cards: [] });
  });
});

describe('the control address', () => {
  async function call(url: string, body?: unknown): Promise<{ status: number; value: unknown }> {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { connection: 'close' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, value: await response.json() };
  }

  it('issues codes, changes the blacklist, lists and revokes keys', async () => {
    const { agency, caller } = await shop();
    const { controlUrl } = agency;
    const [person] = agency.control.persons();
    expect(await call(`${controlUrl}/certificate`, { holder: person?.personNumber })).toMatchObject({
      status: 200,
      value: { qrText: expect.stringMatching(/^28\d{26}$/) },
    });
    expect(await call(`${controlUrl}/certificate`, { holder: 'nobody' })).toMatchObject({ status: 404 });
    const { value } = await call(`${controlUrl}/enrolment-code`, {});
    const key = new TestKey();
    expect(await key.enrol(caller, (value as { code: string }).code)).toMatchObject({ infcode: '0' });
    expect(await call(`${controlUrl}/terminal-keys`)).toMatchObject({ value: [{ keyId: key.keyId }] });
    expect(await call(`${controlUrl}/revoke-key`, { keyId: key.keyId })).toMatchObject({
      status: 200,
      value: [{ state: 'revoked' }],
    });
    expect(await call(`${controlUrl}/revoke-key`, { keyId: 'none' })).toMatchObject({ status: 404 });
    const range = { from: 'Z00000100', to: 'Z00000199' };
    expect(await call(`${controlUrl}/blacklist`, { add: ['Z00000012', range] })).toMatchObject({
      value: { cards: ['Z00000012'], ranges: [range] },
    });
    expect(await call(`${controlUrl}/blacklist`, { remove: [range] })).toMatchObject({
      value: { ranges: [] },
    });
    expect(await call(`${controlUrl}/blacklist`)).toMatchObject({ value: { version: '0000000004' } });
    expect(await call(`${controlUrl}/blacklist`, { add: ["'; --"] })).toMatchObject({ status: 400 });
    expect(await call(`${controlUrl}/offline-sales`)).toEqual({ status: 200, value: [] });
  });
});
