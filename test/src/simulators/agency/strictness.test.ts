import { createHash } from 'node:crypto';
import { LosslessNumber } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core/manual-clock';
import type { Infno } from '#simulators/agency/paths';
import { insuredHolder } from '#simulators/agency/training-persons';
import { formatJson, parseJson, wireNumber } from '#simulators/agency/wire';
import { Caller, oneBox, start } from './caller.ts';

const cardA = insuredHolder('A');
type Json = Record<string, unknown>;

async function terminal(options = {}) {
  const agency = await start(options);
  const caller = new Caller(agency);
  await caller.signIn();
  return { agency, caller };
}

function changed(message: Json, path: readonly (string | number)[], value: unknown): Json {
  const parsed = parseJson(formatJson(message));
  const copy = (parsed.ok ? parsed.value : {}) as Json;
  let place: Record<string | number, unknown> = copy;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string | number, unknown>;
  const last = path.at(-1)!;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

const number = (text: string) => new LosslessNumber(text);
const info = (field: string) => ['input', 'druginfo', field] as const;
const line = (field: string) => ['input', 'drugdetail', 0, field] as const;

const settlementFaults: readonly [string, readonly (string | number)[], unknown, string][] = [
  ['a missing message id', ['msgid'], undefined, 'msgid'],
  ['an empty operator', ['opter'], '', 'opter'],
  ['an unknown envelope field', ['surprise'], 'x', 'surprise'],
  ['a message id of another institution', ['msgid'], 'P99010000002202509121030150001', 'msgid'],
  ['a message id with an impossible time', ['msgid'], 'P99010000001202513121030150001', 'msgid'],
  ['a message id that is too long', ['msgid'], 'P9901000000120250912103015000123456', 'msgid'],
  ['a wrong receiver system', ['recer_sys_code'], 'NONE', 'recer_sys_code'],
  ['a wrong operator kind', ['opter_type'], '7', 'opter_type'],
  ['an unknown version', ['infver'], 'V9.9', 'infver'],
  ['a time with a T in it', ['inf_time'], '2025-09-12T10:30:00', 'inf_time'],
  ['a day that does not exist', ['inf_time'], '2025-02-30 10:30:00', 'inf_time'],
  ['an institution code without its letter', ['fixmedins_code'], '990100000010', 'fixmedins_code'],
  ['a missing insured region', ['insuplc_admdvs'], '', 'insuplc_admdvs'],
  ['an input that is text', ['input'], '{}', 'input'],
  ['an unknown node', ['input', 'extra'], {}, 'input.extra'],
  ['a missing node', ['input', 'druginfo'], undefined, 'druginfo'],
  ['no lines', ['input', 'drugdetail'], [], 'drugdetail'],
  ['a line that is not an object', ['input', 'drugdetail', 0], 'x', 'drugdetail[0]'],
  ['an unknown field', info('colour'), 'x', 'druginfo.colour'],
  ['a total as text', info('medfee_sumamt'), '25.00', 'druginfo.medfee_sumamt'],
  ['a total with three decimals', info('medfee_sumamt'), number('25.000'), 'druginfo.medfee_sumamt'],
  ['a total with an exponent', info('medfee_sumamt'), number('2.5E1'), 'druginfo.medfee_sumamt'],
  [
    'a total of too many digits',
    info('medfee_sumamt'),
    number('123456789012345.00'),
    'druginfo.medfee_sumamt',
  ],
  ['a total that is not the sum', info('medfee_sumamt'), number('25.01'), 'druginfo.medfee_sumamt'],
  ['an unknown insurance', info('insutype'), '999', 'druginfo.insutype'],
  ['an unknown visit class', info('med_type'), '77', 'druginfo.med_type'],
  ['an unknown medium', info('mdtrt_cert_type'), '05', 'druginfo.mdtrt_cert_type'],
  ['an unknown account flag', info('acct_used_flag'), '2', 'druginfo.acct_used_flag'],
  ['an account flag as number', info('acct_used_flag'), number('1'), 'druginfo.acct_used_flag'],
  ['an invoice number of 21 characters', info('invono'), 'X'.repeat(21), 'druginfo.invono'],
  ['a person number of 31 characters', info('psn_no'), '9'.repeat(31), 'druginfo.psn_no'],
  [
    'an amount that is not count times price',
    line('det_item_fee_sumamt'),
    number('25.01'),
    'drugdetail[0].det_item_fee_sumamt',
  ],
  ['a count of zero', line('cnt'), number('0'), 'drugdetail[0].cnt'],
  ['a count with five decimals', line('cnt'), number('2.00000'), 'drugdetail[0].cnt'],
  ['a negative price', line('pric'), number('-12.5'), 'drugdetail[0].pric'],
  ['a price with seven decimals', line('pric'), number('12.5000000'), 'drugdetail[0].pric'],
  ['a missing shop code', line('medins_list_codg'), null, 'drugdetail[0].medins_list_codg'],
  ['an unknown prescription flag', line('rx_circ_flag'), '9', 'drugdetail[0].rx_circ_flag'],
];

describe('a settlement with one fault is refused, names the field and books nothing', () => {
  it.each(settlementFaults)('%s', async (_words, path, value, field) => {
    const { agency, caller } = await terminal();
    const good = caller.settlement(cardA, oneBox, 'S1');
    const answer = await caller.post('2102', changed(good, path, value));
    expect(answer.infcode).toBe('-1');
    expect(answer.text).toContain(field);
    expect([...answer.text].length).toBeLessThanOrEqual(200);
    expect(agency.control.settlements()).toEqual([]);
    // The first is the fault itself; a wrong count or price also makes the line's amount wrong.
    expect(agency.control.violations()[0]?.field).toBe(field);
    const repaired = await caller.post('2102', good);
    expect(repaired.infcode).toBe('0');
  });

  it('two lines with one serial number', async () => {
    const { caller } = await terminal();
    const good = caller.settlement(cardA, [...oneBox, ...oneBox], 'S1');
    const answer = await caller.post('2102', changed(good, ['input', 'drugdetail', 1, 'feedetl_sn'], 'S-1'));
    expect(answer.text).toContain('drugdetail[1].feedetl_sn');
  });

  it('an invoice number in a trial, where the table has none', async () => {
    const { caller } = await terminal();
    const answer = await caller.call('2101', caller.basket(cardA, oneBox, { invono: 'S1' }));
    expect(answer.text).toContain('druginfo.invono');
  });
});

describe('other transactions', () => {
  const wrong: readonly [Infno, Json, string][] = [
    ['9001', { signIn: { opter_no: '0103' } }, 'signIn.ip'],
    ['9002', { signOut: { sign_no: '' } }, 'signOut.sign_no'],
    ['1101', { data: { mdtrt_cert_type: '03', mdtrt_cert_no: 'Z00000013', card_sn: '' } }, 'data.card_sn'],
    ['1101', { data: { mdtrt_cert_type: '02' } }, 'data.mdtrt_cert_no'],
    ['1903', { data: { aab301: '990100', aaz501: 'XX' } }, 'data.aaz501'],
    ['1904', { data: { aab301: '99010', aaz501: '0'.repeat(32), aaz500: 'Z' } }, 'data.aab301'],
    ['2103', { data: { setl_id: '1', mdtrt_id: '2' } }, 'data.psn_no'],
    ['2601', { data: { psn_no: '1', omsgid: '2', oinfno: '2101' } }, 'data.oinfno'],
    ['9101', { fsUploadIn: { in: '%%%', filename: 'a', fixmedins_code: 'P99010000001' } }, 'fsUploadIn.in'],
    ['9102', { fsDownloadIn: { file_qury_no: 'x', filename: 'y' } }, 'fsDownloadIn.fixmedins_code'],
  ];

  it.each(wrong)('%s with %j is refused at %s', async (infno, input, field) => {
    const { agency, caller } = await terminal();
    const answer = await caller.call(infno, input);
    expect(answer.infcode).toBe('-1');
    expect(agency.control.violations().map((violation) => violation.field)).toContain(field);
  });

  it('a body at the address of another transaction gets the short answer of the gateway', async () => {
    const { agency, caller } = await terminal();
    const answer = await caller.post('2601', caller.envelope('2103', { data: {} }));
    expect(answer.envelope).toMatchObject({ type: 'error' });
    expect(answer.text).toContain('未知交易编号');
    expect(agency.control.violations()).toMatchObject([{ field: 'infno' }]);
  });

  it.each(['', 'null', '[]', '{', '{"infno":"1101","infno":"2102"}', '\ufeff{}'])(
    'the body %j is refused',
    async (body) => {
      const { caller } = await terminal();
      expect((await caller.postText('1101', body)).infcode).toBe('-1');
    },
  );

  it('an unknown address and a wrong method are refused', async () => {
    const { agency } = await terminal();
    expect((await fetch(`${agency.url}/fsi/api/nowhere`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await fetch(`${agency.url}/fsi/api/reverseService/revsMethod`)).status).toBe(405);
  });

  it('an institution and a region that are not registered are refused', async () => {
    const { caller } = await terminal({ institution: { code: 'P99010000001', region: '990100' } });
    const message = caller.settlement(cardA, oneBox, 'S1');
    const region = await caller.post('2102', { ...message, mdtrtarea_admvs: '990200' });
    expect(region.text).toContain('mdtrtarea_admvs');
    const code = String(message['msgid']).replace('P99010000001', 'P99010000009');
    const other = await caller.post('2102', { ...message, msgid: code, fixmedins_code: 'P99010000009' });
    expect(other.text).toContain('fixmedins_code');
  });
});

describe('x-tif headers', () => {
  const clock = new ManualClock(Date.UTC(2025, 8, 12, 2, 30));
  const seconds = String(Math.trunc(clock.nowMs() / 1000));

  function headers(change: Record<string, string> = {}, token = 'secret') {
    const nonce = change['x-tif-nonce'] ?? 'n1';
    const time = change['x-tif-timestamp'] ?? seconds;
    const signature = createHash('sha256').update(`${time}${token}${nonce}${time}`).digest('hex');
    return {
      'x-tif-paasid': 'shop',
      'x-tif-timestamp': time,
      'x-tif-nonce': nonce,
      'x-tif-signature': signature,
      ...change,
    };
  }

  it('right headers pass once, a repeated nonce does not', async () => {
    const agency = await start({ clock, xTif: { account: 'shop', token: 'secret' } });
    const caller = new Caller(agency, clock);
    const message = caller.envelope('9001', { signIn: { opter_no: '0103', ip: '10.0.0.1' } });
    expect((await caller.post('9001', message, headers())).infcode).toBe('0');
    const again = await caller.post('9001', message, headers());
    expect(again).toMatchObject({ infcode: '-1', text: expect.stringContaining('x-tif-nonce') });
  });

  it.each([
    [{ 'x-tif-paasid': 'other' }, 'x-tif-paasid'],
    [{ 'x-tif-timestamp': '1' }, 'x-tif-timestamp'],
    [{ 'x-tif-timestamp': 'now' }, 'x-tif-timestamp'],
    [{ 'x-tif-signature': '00' }, 'x-tif-signature'],
  ])('%j is refused at %s', async (change, field) => {
    const agency = await start({ clock, xTif: { account: 'shop', token: 'secret' } });
    const caller = new Caller(agency, clock);
    const message = caller.envelope('9001', { signIn: { opter_no: '0103', ip: '10.0.0.1' } });
    const answer = await caller.post('9001', message, headers(change as Record<string, string>));
    expect(answer).toMatchObject({ infcode: '-1', text: expect.stringContaining(field) });
    expect(agency.control.messages()).toEqual([]);
  });

  it('a signature in capitals or with another token is refused', async () => {
    const agency = await start({ clock, xTif: { account: 'shop', token: 'secret' } });
    const caller = new Caller(agency, clock);
    const message = caller.envelope('9001', { signIn: { opter_no: '0103', ip: '10.0.0.1' } });
    expect((await caller.post('9001', message, headers({}, 'wrong'))).text).toContain('x-tif-signature');
    const upper = headers()['x-tif-signature'].toUpperCase();
    const answer = await caller.post('9001', message, headers({ 'x-tif-signature': upper }));
    expect(answer.text).toContain('x-tif-signature');
  });
});

it('trailing zeros of a price within its scale are accepted', async () => {
  const { caller } = await terminal();
  const message = caller.settlement(cardA, oneBox, 'S1');
  expect(formatJson(message)).toContain('"pric":12.500000');
  const answer = await caller.post('2102', changed(message, line('cnt'), wireNumber(2n, 0)));
  expect(answer.infcode).toBe('0');
});
