import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import { insuredHolder } from '#simulators/agency/training-persons';
import { Caller, node, oneBox, start, stop } from './caller.ts';

const employee = insuredHolder('employee');

async function shop() {
  const clock = new ManualClock(Date.parse('2026-11-20T09:00:00+08:00'));
  const agency = await start({ clock });
  const caller = new Caller(agency, clock);
  await caller.signIn();
  const scan = () => {
    const issued = agency.control.issueCertificate(employee.personNumber);
    if (issued === undefined) throw new Error('the employee has a certificate');
    return issued;
  };
  const token = async () => String(node((await caller.decode(scan().qrText)).output, 'data')['ecToken']);
  const sale = (number: string, ecToken: string) =>
    caller.settlement(employee, oneBox, number, { mdtrt_cert_type: '01', mdtrt_cert_no: ecToken });
  return { clock, agency, caller, scan, token, sale };
}

describe('electronic certificates', () => {
  it('a code becomes the person and a token, which then finds the insured person', async () => {
    const { agency, caller, scan } = await shop();
    const issued = scan();
    expect(issued.qrText).toMatch(/^28\d{26}$/);
    const { output, infcode } = await caller.decode(issued.qrText);
    expect(infcode).toBe('0');
    const data = node(output, 'data');
    expect(data).toMatchObject({
      userName: employee.name,
      idNo: employee.certificateNumber,
      idType: '01',
      insuOrg: '990100',
    });
    const found = await caller.call('1101', {
      data: {
        mdtrt_cert_type: '01',
        mdtrt_cert_no: data['ecToken'],
        psn_cert_type: '01',
        certno: employee.certificateNumber,
        psn_name: employee.name,
      },
    });
    expect(node(found.output, 'baseinfo')['psn_no']).toBe(employee.personNumber);
    expect(agency.control.violations()).toEqual([]);
  });

  it('is issued by card id too, to nobody unknown, and never twice the same', async () => {
    const { agency, scan } = await shop();
    expect(agency.control.issueCertificate(employee.card?.cardId ?? '')).toBeDefined();
    expect(agency.control.issueCertificate('nobody')).toBeUndefined();
    const codes = Array.from({ length: 50 }, () => scan().qrText);
    expect(new Set(codes).size).toBe(50);
  });

  it('is decoded once, within a minute, and nothing else is a certificate', async () => {
    const { clock, caller, scan } = await shop();
    const first = scan();
    expect(await caller.decode(first.qrText)).toMatchObject({ infcode: '0' });
    expect(await caller.decode(first.qrText)).toMatchObject({
      infcode: '-1',
      text: expect.stringContaining('已使用'),
    });
    const second = scan();
    const third = scan();
    clock.advance(59_999);
    expect(await caller.decode(second.qrText)).toMatchObject({ infcode: '0' });
    clock.advance(1);
    expect((await caller.decode(third.qrText)).text).toContain('已过期');
    for (const foreign of ['https://example.invalid/pay', `28${'0'.repeat(26)}`, '6901234567892']) {
      expect((await caller.decode(foreign)).text).toBe('FSI-请使用医保电子凭证二维码[500159]');
    }
  });

  it('its token pays one sale: trials are free, a second sale is refused', async () => {
    const { agency, caller, token, sale } = await shop();
    const ecToken = await token();
    const trial = { mdtrt_cert_type: '01', mdtrt_cert_no: ecToken };
    for (const _ of [1, 2])
      expect(await caller.call('2101', caller.basket(employee, oneBox, trial))).toMatchObject({
        infcode: '0',
      });
    expect(await caller.post('2102', sale('S1', ecToken))).toMatchObject({ infcode: '0' });
    expect((await caller.post('2102', sale('S2', ecToken))).text).toContain('医保电子凭证已使用');
    expect((await caller.call('2101', caller.basket(employee, oneBox, trial))).text).toContain('已使用');
    expect(agency.control.chargesOf('S2').records).toEqual([]);
  });

  it('an accepted reversal frees the token, a cancellation does not', async () => {
    const { agency, caller, token, sale } = await shop();
    const ecToken = await token();
    const first = sale('S1', ecToken);
    await caller.post('2102', first);
    await caller.reversal(employee, String(first['msgid']));
    const second = await caller.post('2102', sale('S1', ecToken));
    expect(second).toMatchObject({ infcode: '0' });
    await caller.cancellation(employee, second);
    expect((await caller.post('2102', sale('S1', ecToken))).text).toContain('已使用');
    expect(agency.control.chargesOf('S1').standing).toEqual([]);
  });

  it('the token of one person is no credential of another', async () => {
    const { caller, token } = await shop();
    const foreign = { mdtrt_cert_type: '01', mdtrt_cert_no: await token() };
    const answer = await caller.post('2102', caller.settlement(insuredHolder('A'), oneBox, 'S1', foreign));
    expect(answer.text).toContain('就诊凭证与人员编号不符');
  });

  it('codes and tokens outlive a restart of the agency', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guitai-agency-'));
    const clock = new ManualClock(Date.parse('2026-11-20T09:00:00+08:00'));
    const options = { clock, database: join(folder, 'agency.db') };
    const before = await start(options);
    const issued = before.control.issueCertificate(employee.personNumber);
    await stop(before);
    const after = await start(options);
    const caller = new Caller(after, clock);
    expect(await caller.decode(issued?.qrText ?? '')).toMatchObject({ infcode: '0' });
    await stop(after);
    rmSync(folder, { recursive: true });
  });
});
