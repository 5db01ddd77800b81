import { strFromU8, unzipSync, zipSync } from 'fflate';
import { afterEach, describe, expect, test } from 'vitest';
import type { AgencyPort, DetailRequest, PreparedMessage } from '#agency/port';
import { ManualClock } from '#core/manual-clock';
import { formatMoney, yuan } from '#core/money';
import { answerText, fixture, requestOf } from './fixtures.ts';
import { clientFor, context, type Heard, httpAnswer, type Peer, purchase, startPeer } from './peer.ts';

const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

/** A peer that answers each request with the text made for it, and a client that talks to it. */
async function agencyThat(
  reply: (heard: Heard, infno: string, msgid: string) => string | Buffer,
): Promise<{ client: AgencyPort; peer: Peer }> {
  const peer = await startPeer((socket, heard) => {
    const envelope = JSON.parse(heard.body) as { infno: string; msgid: string };
    const answer = reply(heard, envelope.infno, envelope.msgid);
    socket.end(typeof answer === 'string' ? httpAnswer(answer) : answer);
  });
  peers.push(peer);
  return { client: clientFor(peer.url), peer };
}

function prepared(client: AgencyPort): PreparedMessage {
  const message = client.prepareSettlement(purchase, context);
  if (!message.ok) throw new Error(message.error.detail);
  return message.value;
}

/** The request as sent beside the fixture's: same envelope keys, no key in a node that the fixture lacks. */
function expectShape(heard: Heard | undefined, name: string, infno: string): void {
  const sent = JSON.parse(heard?.body ?? '{}') as Record<string, unknown>;
  const model = requestOf(name, infno);
  expect(Object.keys(sent)).toEqual(Object.keys(model));
  const sentNodes = sent['input'] as Record<string, unknown>;
  const modelNodes = model['input'] as Record<string, unknown>;
  expect(Object.keys(sentNodes)).toEqual(Object.keys(modelNodes));
  for (const [node, rows] of Object.entries(sentNodes)) {
    for (const [index, row] of [rows].flat().entries()) {
      expect([modelNodes[node]].flat()[index]).toMatchObject(unstable(row as Record<string, unknown>));
    }
  }
}

/** Leaves out what differs on purpose: times, ids of the run, files, and what the fixture's shop sends more. */
function unstable(row: Record<string, unknown>): Record<string, unknown> {
  const skipped = ['begntime', 'in', 'rxno', 'mac', 'ip', 'invono', 'omsgid'];
  return Object.fromEntries(Object.entries(row).filter(([key]) => !skipped.includes(key)));
}

describe('sign-in', () => {
  test('9001 gives the sign-in number and 9002 gives nothing', async () => {
    const { client, peer } = await agencyThat((_heard, infno) => answerText('sign-in-out', infno));
    expect(await client.signIn(context)).toMatchObject({
      kind: 'success',
      value: { signInNumber: '90012345', signedInAtMs: Date.parse('2025-09-12T08:00:05+08:00') },
    });
    expect(await client.signOut(context)).toMatchObject({ kind: 'success', value: undefined });
    expectShape(peer.heard[0], 'sign-in-out', '9001');
    expectShape(peer.heard[1], 'sign-in-out', '9002');
    expect(JSON.parse(peer.heard[0]?.body ?? '{}')).toMatchObject({ sign_no: '' });
    expect(peer.heard[0]?.path).toBe('/fsi/api/signInSignOutService/signIn');
  });

  test('a lapsed sign-in is named as such', async () => {
    const { client } = await agencyThat(() => '{"infcode":-1,"err_msg":"签到编号已失效","output":null}');
    const outcome = await client.trial(purchase, context);
    expect(outcome).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-sign-in-invalid' },
      agencyText: '签到编号已失效',
    });
  });
});

describe('persons', () => {
  const query = {
    medium: 'electronic-certificate',
    mediumNumber: '9901990000EXAMPLEECTOKEN20250912000001',
    name: '甲虚构',
    certificateNumber: '990101197503150008',
  } as const;

  test('1101 gives the holder with every insurance, in force or not, to the fen', async () => {
    const { client, peer } = await agencyThat((_heard, infno) => answerText('person', infno));
    const outcome = await client.person(query, context);
    expect(outcome).toMatchObject({
      kind: 'success',
      value: {
        personNumber: '99019900000000000000990001',
        sex: 'male',
        birthDate: '1975-03-15',
        age: '50.5',
      },
    });
    const insurances = outcome.kind === 'success' ? outcome.value.insurances : [];
    expect(insurances.map((each) => [each.scheme, each.inForce, formatMoney(each.balance)])).toEqual([
      ['310', true, '268.50'],
      ['390', false, '0.00'],
    ]);
    expect(peer.heard).toHaveLength(1);
  });

  test('a person without any insurance in force is a holder, not a fault', async () => {
    const answer = answerText('person', '1101').replace('"psn_insu_stas":"1"', '"psn_insu_stas":"2"');
    const { client } = await agencyThat(() => answer);
    const outcome = await client.person(query, context);
    expect(outcome.kind === 'success' && outcome.value.insurances.some((each) => each.inForce)).toBe(false);
  });

  test('special identities come with their days', async () => {
    const rows =
      '"idetinfo":[{"psn_idet_type":"2303","begntime":"2020-01-01 00:00:00","endtime":null},{"psn_idet_type":null}]';
    const { client } = await agencyThat(() => answerText('person', '1101').replace('"idetinfo":[]', rows));
    const outcome = await client.person(query, context);
    expect(outcome.kind === 'success' && outcome.value.tags).toEqual([{ code: '2303', from: '2020-01-01' }]);
  });

  test.each(['{"infcode":0,"output":{}}', '{"infcode":0,"output":null}'])(
    'success without a person means that nobody is known: %s',
    async (answer) => {
      const { client } = await agencyThat(() => answer);
      expect(await client.person(query, context)).toMatchObject({
        kind: 'refused',
        fault: { code: 'agency-person-unknown' },
      });
    },
  );

  test('a card without its identification code is refused before anything is sent', async () => {
    const { client, peer } = await agencyThat(() => '{}');
    const outcome = await client.person({ medium: 'card', mediumNumber: 'A00000000' }, context);
    expect(outcome).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-message-invalid', detail: 'input.data.card_sn: is required for a card' },
    });
    expect(peer.connections()).toBe(0);
  });
});

describe('cards', () => {
  const request = {
    region: '990100',
    historicalBytes: '8073C4125A0011223344556677',
    algorithm: 'sm4',
    cardId: '99010001020304050607080900000001',
    internalFactor: '1111111111111111',
    internalRaw: 'a1a2a3a4a5a6a7a8',
    externalFactor: '2222222222222222',
    externalRaw: 'B1B2B3B4B5B6B7B8',
  } as const;
  const answer = (internal: string, external: string) =>
    `{"infcode":0,"output":{"result":{"aaa315":"${internal}","aaa316":"${external}"}}}`;

  test('1903 gives eight bytes each when the answer is about our own challenges', async () => {
    const { client, peer } = await agencyThat(() =>
      answer('0102030405060708A1A2A3A4A5A6A7A8', '1112131415161718b1b2b3b4b5b6b7b8'),
    );
    expect(await client.authenticateCard(request, context)).toMatchObject({
      kind: 'success',
      value: { internalData: '0102030405060708', externalData: '1112131415161718' },
    });
    expect(JSON.parse(peer.heard[0]?.body ?? '{}')).toMatchObject({
      input: { data: { aaa254: '03', aaz507: request.historicalBytes, aaa312: request.internalRaw } },
    });
  });

  test.each([
    ['another challenge', '0102030405060708FFFFFFFFFFFFFFFF', '1112131415161718B1B2B3B4B5B6B7B8'],
    ['too few bytes', '0102030405060708', '1112131415161718B1B2B3B4B5B6B7B8'],
    ['no hex', 'zz02030405060708A1A2A3A4A5A6A7A8', '1112131415161718B1B2B3B4B5B6B7B8'],
  ])('an answer with %s proves nothing', async (_what, internal, external) => {
    const { client } = await agencyThat(() => answer(internal, external));
    expect(await client.authenticateCard(request, context)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-garbled' },
    });
  });

  test.each([
    ['1', 'valid'],
    ['2', 'lost'],
    ['3', 'replaced'],
    ['4', 'cancelled'],
    ['5', 'not-activated'],
  ])('1904 status %s is %s', async (code, status) => {
    const { client } = await agencyThat(() => `{"infcode":0,"output":{"result":{"aaz502":"${code}"}}}`);
    const card = { region: '990100', cardId: request.cardId, cardNumber: 'A00000001' };
    expect(await client.cardStatus(card, context)).toMatchObject({ kind: 'success', value: status });
  });

  test('a card status that nobody defined is not taken for valid', async () => {
    const { client } = await agencyThat(() => '{"infcode":0,"output":{"result":{"aaz502":"constructor"}}}');
    const card = { region: '990100', cardId: request.cardId, cardNumber: 'A00000001' };
    expect((await client.cardStatus(card, context)).kind).toBe('unknown');
  });
});

describe('trial and settlement', () => {
  test('2101 explains the example to the fen, line by line', async () => {
    const { client, peer } = await agencyThat((_heard, infno, msgid) => answerText('trial', infno, msgid));
    const outcome = await client.trial(purchase, context);
    if (outcome.kind !== 'success') throw new Error(`${outcome.fault.code} ${outcome.fault.detail}`);
    const { split } = outcome.value;
    expect(outcome.value).toMatchObject({
      brokenRelations: [],
      clearingOffice: '990199',
      clearingType: '41',
    });
    expect(outcome.value.settlementId).toBeUndefined();
    expect(
      [split.total, split.outOfScope, split.overCeiling, split.firstSelfPay, split.inScope].map(formatMoney),
    ).toEqual(['104.40', '28.80', '2.00', '3.36', '70.24']);
    expect(
      [split.deductible, split.fundTotal, split.own, split.account, split.cash].map(formatMoney),
    ).toEqual(['20.00', '30.14', '74.26', '45.46', '28.80']);
    expect(split).toMatchObject({ balanceBefore: 26_850n, balanceAfter: 22_304n, source: 'agency' });
    expect(split.funds).toEqual([{ fund: '310100', nameZh: '城镇职工基本医疗保险统筹基金', amount: 3014n }]);
    expect(split.lines.map((line) => [line.lineNumber, formatMoney(line.firstSelfPay)])).toEqual([
      [1, '0.00'],
      [2, '1.86'],
      [3, '1.50'],
      [4, '0.00'],
    ]);
    expect(split.lines[2]?.reasons.map((reason) => [reason.step, reason.policy, reason.version])).toEqual([
      ['over-ceiling', 'agency', '2025-09-12'],
      ['first-self-pay', 'agency', '2025-09-12'],
      ['in-scope', 'agency', '2025-09-12'],
    ]);
    expect(split.reasons.map((reason) => reason.step)).toEqual(['deductible', 'fund', 'account', 'cash']);
    expectShape(peer.heard[0], 'trial', '2101');
  });

  test('amounts leave as JSON numbers with their exact text and names of goods stay here', async () => {
    const { client, peer } = await agencyThat((_heard, infno, msgid) => answerText('trial', infno, msgid));
    await client.trial(purchase, context);
    const body = peer.heard[0]?.body ?? '';
    expect(body).toContain('"medfee_sumamt":104.40,');
    expect(body).toContain('"det_item_fee_sumamt":25.00,"cnt":2,"pric":12.50}');
    expect(body).not.toContain('invono');
  });

  test('2102 carries the invoice number and gives the settlement id', async () => {
    const { client, peer } = await agencyThat((_heard, infno, msgid) =>
      answerText('settlement', infno, msgid),
    );
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome).toMatchObject({
      kind: 'success',
      value: { settlementId: '990199175764501500000990001', brokenRelations: [] },
    });
    expectShape(peer.heard[0], 'settlement', '2102');
    expect(JSON.parse(peer.heard[0]?.body ?? '{}')).toMatchObject({
      insuplc_admdvs: '990199',
      input: { druginfo: { invono: 'SN20250912000301' } },
    });
  });

  test('the answer text returned is the raw body', async () => {
    const { client, peer } = await agencyThat((_heard, infno, msgid) =>
      answerText('settlement', infno, msgid),
    );
    const message = prepared(client);
    const outcome = await client.sendSettlement(message);
    expect(outcome.answer).toBe(answerText('settlement', '2102', message.messageId));
    expect(peer.heard[0]?.body).toBe(message.body);
  });

  test('a message stored before a restart is sent with the same bytes and checked the same way', async () => {
    const { client, peer } = await agencyThat((_heard, infno, msgid) =>
      answerText('settlement', infno, msgid),
    );
    const stored = JSON.parse(JSON.stringify(prepared(client))) as PreparedMessage;
    const outcome = await clientFor(peer.url).sendSettlement(stored);
    expect(outcome).toMatchObject({ kind: 'success', value: { brokenRelations: [] } });
    expect(peer.heard[0]?.body).toBe(stored.body);
  });

  test('a trial whose sums are wrong is refused with a code and kept', async () => {
    const { client } = await agencyThat((_heard, infno, msgid) =>
      answerText('trial', infno, msgid).replace('"hifp_pay":30.14', '"hifp_pay":30.15'),
    );
    const outcome = await client.trial(purchase, context);
    expect(outcome).toMatchObject({ kind: 'refused', fault: { code: 'agency-sums-wrong' } });
    expect(outcome.kind === 'refused' && outcome.fault.detail).toBe('relation-4: 30.14 ≠ 30.15');
    expect(outcome.answer).toContain('30.15');
  });

  test('a settlement whose sums are wrong has taken the money and is disputed, never refused', async () => {
    const { client } = await agencyThat((_heard, infno, msgid) =>
      answerText('settlement', infno, msgid).replace('"psn_cash_pay":28.8', '"psn_cash_pay":28.9'),
    );
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome.kind === 'success' && outcome.value.brokenRelations).toEqual([
      'relation-3: 74.26 ≠ 74.36',
      'relation-5: 45.36 ≠ 45.46',
    ]);
  });

  test('a reply that names another message of ours says nothing about this one: unknown, never settled', async () => {
    const { client } = await agencyThat((_heard, infno) => answerText('settlement', infno));
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome).toMatchObject({ kind: 'unknown', fault: { code: 'agency-garbled' } });
  });

  test('a refusal that comes a second time, to the byte, is another message’s: unknown, never refused', async () => {
    const refusal = JSON.stringify({
      infcode: -1,
      inf_refmsgid: null,
      refmsg_time: '20260302100000123',
      respond_time: '20260302100000150',
      err_msg: '签到已失效',
      output: null,
    });
    const { client } = await agencyThat(() => refusal);
    const [first, second] = [prepared(client), prepared(client)];
    expect(await client.sendSettlement(first)).toMatchObject({ kind: 'refused' });
    expect(await client.sendSettlement(second)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-garbled', detail: 'the answer of another message' },
    });
  });

  test('a settlement that repeats some id of the platform’s own in place of ours is disputed', async () => {
    const { client } = await agencyThat((_heard, infno, msgid) =>
      answerText('settlement', infno, msgid).replace(
        `"medins_setl_id":"${msgid}"`,
        '"medins_setl_id":"JS000017"',
      ),
    );
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome.kind === 'success' && outcome.value.brokenRelations).toEqual(['answer-message-id']);
  });

  test('a success without settlement id or with an unreadable amount is unknown', async () => {
    for (const [from, to] of [
      ['"setl_id":"990199175764501500000990001"', '"setl_id":null'],
      ['"acct_pay":45.46', '"acct_pay":45.464'],
      ['"acct_pay":45.46', '"acct_pay":"many"'],
      ['"fund_pay_sumamt":30.14', '"fund_pay_sumamt":null'],
      ['"setlinfo"', '"other"'],
    ] as const) {
      const { client } = await agencyThat((_heard, infno, msgid) =>
        answerText('settlement', infno, msgid).replace(from, to),
      );
      const outcome = await client.sendSettlement(prepared(client));
      expect(outcome).toMatchObject({ kind: 'unknown', fault: { code: 'agency-garbled' } });
    }
  });

  test('amounts as JSON text read like numbers', async () => {
    const { client } = await agencyThat((_heard, infno, msgid) => {
      const answer = JSON.parse(answerText('settlement', infno, msgid)) as Record<string, unknown>;
      const text = JSON.stringify(answer['output']).replace(/:(-?\d+(?:\.\d+)?)(?=[,}])/g, ':"$1"');
      return JSON.stringify({ ...answer, infcode: '0', output: text });
    });
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome).toMatchObject({ kind: 'success', value: { brokenRelations: [] } });
  });

  test.each([
    ['a person number too long', { personNumber: '9'.repeat(31) }, 'input.druginfo.psn_no'],
    ['an invoice number too long', { saleNumber: 'S'.repeat(21) }, 'input.druginfo.invono'],
    ['a scheme too long', { scheme: '3100000' }, 'input.druginfo.insutype'],
    ['no lines', { lines: [], total: yuan('0') }, 'input.drugdetail'],
    ['a total that is not the sum', { total: yuan('104.41') }, 'input.druginfo.medfee_sumamt'],
    ['a region that is none', { insuredRegion: 'here' }, 'insuplc_admdvs'],
    ['an amount of 15 digits', { total: yuan('123456789012345.00') }, 'input.druginfo.medfee_sumamt'],
  ])('%s is found before the intent, by its field', (_what, change, field) => {
    const message = clientFor('http://127.0.0.1:1').prepareSettlement({ ...purchase, ...change }, context);
    expect(message.ok ? 'taken' : `${message.error.code} ${message.error.detail?.split(':')[0]}`).toBe(
      `agency-message-invalid ${field}`,
    );
  });

  test('the same line twice is found before the intent', () => {
    const [first] = purchase.lines;
    if (first === undefined) throw new Error('the purchase has lines');
    const lines = [first, first];
    const message = clientFor('http://127.0.0.1:1').prepareSettlement(
      { ...purchase, lines, total: yuan('50.00') },
      context,
    );
    expect(message.ok ? 'taken' : message.error.detail).toBe('input.drugdetail: repeats a line id');
  });
});

describe('reversal and cancellation', () => {
  const reversal = {
    personNumber: purchase.personNumber,
    insuredRegion: '990199',
    originalMessageId: 'P99010699901202509121102400001',
    originalTransaction: '2102',
  } as const;

  test('2601 names the message it undoes and needs no output', async () => {
    const { client, peer } = await agencyThat((_heard, infno) => answerText('reversal', infno));
    const message = client.prepareReversal(reversal, context);
    if (!message.ok) throw new Error(message.error.detail);
    expect(await client.sendReversal(message.value)).toMatchObject({ kind: 'success' });
    expectShape(peer.heard[0], 'reversal', '2601');
    expect(JSON.parse(peer.heard[0]?.body ?? '{}')).toMatchObject({
      input: { data: { omsgid: reversal.originalMessageId, oinfno: '2102' } },
    });
  });

  test('a refused reversal keeps the words of the agency and logs only its service codes', async () => {
    const refusal = fixture('reversal').findLast((each) => each.request['infno'] === '2601');
    const { client } = await agencyThat(() => JSON.stringify(refusal?.response));
    const message = client.prepareReversal(reversal, context);
    const outcome = message.ok ? await client.sendReversal(message.value) : undefined;
    expect(outcome).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-refused', detail: '2601 iptPsnSetlMgtBO_4412 outpatientSettleBO_40' },
    });
    expect(outcome?.kind === 'refused' && outcome.agencyText).toContain('不能办理冲正交易');
  });

  const cancel = {
    personNumber: purchase.personNumber,
    insuredRegion: '990199',
    visitId: '990199175764500000000990001',
    settlementId: '990199175764501500000990001',
  };

  test('2103 gives back the whole settlement with negative amounts', async () => {
    const { client, peer } = await agencyThat((_heard, infno, msgid) =>
      answerText('cancellation', infno, msgid),
    );
    const message = client.prepareCancel(cancel, context);
    const outcome = message.ok ? await client.sendCancel(message.value) : undefined;
    expect(outcome).toMatchObject({
      kind: 'success',
      value: { total: -10_440n, fundTotal: -3014n, account: -4546n, balanceAfter: 26_850n },
      warnings: [],
    });
    expectShape(peer.heard[0], 'cancellation', '2103');
  });

  test('a cancellation whose sums or subject are wrong stays a success and says so', async () => {
    const { client } = await agencyThat((_heard, infno, msgid) =>
      answerText('cancellation', infno, msgid)
        .replace('"hifp_pay":-30.14', '"hifp_pay":-30.10')
        .replace(cancel.visitId, '990199000000000000000000001'),
    );
    const message = client.prepareCancel(cancel, context);
    const outcome = message.ok ? await client.sendCancel(message.value) : undefined;
    expect(outcome).toMatchObject({
      kind: 'success',
      warnings: ['relation-4: -30.14 ≠ -30.10', 'answer-visit'],
    });
  });
});

describe('HTTP status and outcome of a money message', () => {
  const envelope = '{"infcode":-1,"err_msg":"账户已冻结"}';
  test.each([
    [200, envelope, 'refused', 'agency-refused'],
    [200, '{"type":"error","infcode":-1,"err_msg":"未知交易编号"}', 'refused', 'agency-gateway-refused'],
    [400, envelope, 'refused', 'agency-refused'],
    [200, '{"infcode":-1,"err_msg":"调用业务系统超时"}', 'unknown', 'agency-server-error'],
    [400, '<html>bad</html>', 'refused', 'agency-gateway-refused'],
    [401, '', 'refused', 'agency-gateway-refused'],
    [403, '', 'refused', 'agency-gateway-refused'],
    [404, 'not found', 'refused', 'agency-gateway-refused'],
    [404, '{"infcode":0,"output":{}}', 'unknown', 'agency-garbled'],
    [408, '', 'unknown', 'agency-server-error'],
    [425, '', 'unknown', 'agency-server-error'],
    [429, '', 'unknown', 'agency-server-error'],
    [500, envelope, 'unknown', 'agency-server-error'],
    [502, '<html>', 'unknown', 'agency-server-error'],
    [503, '', 'unknown', 'agency-server-error'],
    [302, '', 'unknown', 'agency-garbled'],
    [204, '', 'unknown', 'agency-garbled'],
    [200, '', 'unknown', 'agency-garbled'],
    [200, '<html>maintenance</html>', 'unknown', 'agency-garbled'],
    [200, '{"infcode":0,"output":{}}', 'unknown', 'agency-garbled'],
    [200, '{"infcode":0,"infcode":-1}', 'unknown', 'agency-garbled'],
  ])('%i with %j is %s, %s', async (status, body, kind, code) => {
    const { client } = await agencyThat(() => httpAnswer(body, status));
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome).toMatchObject({ kind, fault: { code } });
    expect(outcome.answer).toBe(body);
  });

  test('an answer in GBK is unknown and its text kept as far as it can be read', async () => {
    const gbk = Buffer.concat([
      Buffer.from('{"infcode":-1,"err_msg":"'),
      Buffer.from([0xd6, 0xd0]),
      Buffer.from('"}'),
    ]);
    const { client } = await agencyThat(() => httpAnswer(gbk));
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-garbled', detail: 'wrong-encoding' },
    });
    expect(outcome.answer).toContain('infcode');
  });

  test('an agency that is not there is refused: nothing was sent', async () => {
    const peer = await startPeer(() => undefined);
    await peer.close();
    const client = clientFor(peer.url);
    expect(await client.sendSettlement(prepared(client))).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-unreachable', retry: 'transient' },
      answer: '',
    });
  });

  test('an agency that hangs up after reading leaves the sale unknown', async () => {
    const peer = await startPeer((socket) => socket.destroy());
    peers.push(peer);
    const client = clientFor(peer.url);
    expect(await client.sendSettlement(prepared(client))).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-no-answer', retry: 'ambiguous' },
    });
    expect(peer.heard).toHaveLength(1);
  });

  test('silence is unknown after the answer time of that transaction', async () => {
    const clock = new ManualClock(Date.parse('2025-09-12T10:30:00+08:00'));
    let arrived: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const peer = await startPeer(() => arrived());
    peers.push(peer);
    const client = clientFor(peer.url, { clock, timeouts: { byTransaction: { '2102': 60_000 } } });
    const sending = client.sendSettlement(prepared(client));
    await heard;
    await clock.advance(60_000);
    expect(await sending).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-no-answer' },
      lastByteAtMs: Date.parse('2025-09-12T10:30:00+08:00'),
    });
  });

  test('a warning of the agency comes with the success', async () => {
    const { client } = await agencyThat((_heard, infno, msgid) =>
      answerText('settlement', infno, msgid).replace('"warn_msg":null', '"warn_msg":"限适应症"'),
    );
    const outcome = await client.sendSettlement(prepared(client));
    expect(outcome).toMatchObject({ kind: 'success', warnings: ['限适应症'] });
  });
});

describe('headers and clock', () => {
  test('x-tif headers go with every message when an account is set', async () => {
    const peer = await startPeer((socket) => socket.end(httpAnswer(answerText('sign-in-out', '9001'))));
    peers.push(peer);
    const client = clientFor(peer.url, { xTif: { account: 'paas', token: 'secret' } });
    await client.signIn(context);
    const headers = peer.heard[0]?.headers;
    expect(headers?.get('x-tif-paasid')).toBe('paas');
    expect(headers?.get('x-tif-signature')).toMatch(/^[0-9a-f]{64}$/);
    expect([...(headers?.values() ?? [])].join()).not.toContain('secret');
  });

  test('the drift is known after the first answer with times, a refusal included', async () => {
    const peer = await startPeer((socket) =>
      socket.end(
        httpAnswer(
          '{"infcode":-1,"refmsg_time":"20250912103100000","respond_time":"20250912103100000","err_msg":"否"}',
        ),
      ),
    );
    peers.push(peer);
    const clock = new ManualClock(Date.parse('2025-09-12T10:30:00+08:00'));
    const client = clientFor(peer.url, { clock });
    expect(client.driftMs()).toBeUndefined();
    await client.trial(purchase, context);
    expect(client.driftMs()).toBe(60_000);
  });

  test('a refusal that the agency wrote before its question left is no answer to it: unknown, not refused', async () => {
    const refusal = (time: string) => `{"infcode":-1,"refmsg_time":"${time}","err_msg":"余额不足"}`;
    const times = ['20250912103000000', '20250912103100000', '20250912103000000', '20250912103300000'];
    const peer = await startPeer((socket) => socket.end(httpAnswer(refusal(times.shift() ?? ''))));
    peers.push(peer);
    const clock = new ManualClock(Date.parse('2025-09-12T10:30:00+08:00'));
    const client = clientFor(peer.url, { clock });
    const kinds: string[] = [];
    for (let minute = 0; minute < 4; minute += 1) {
      const { kind } = await client.trial(purchase, context);
      kinds.push(kind);
      // Somebody sets the wall clock: that makes no answer older.
      if (minute === 2) clock.setWall(clock.nowMs() + 3_600_000);
      await clock.advance(60_000);
    }
    expect(kinds).toEqual(['refused', 'refused', 'unknown', 'refused']);
  });
});

describe('detail reconciliation', () => {
  const row = {
    settlementId: '990199175764501500000990001',
    visitId: '990199175764500000000990001',
    personNumber: '99019900000000000000990001',
    total: yuan('104.40'),
    fundTotal: yuan('30.14'),
    account: yuan('45.46'),
    cash: yuan('28.80'),
    refund: false,
  };
  const back = {
    ...row,
    settlementId: '990199175766640000000990002',
    total: yuan('-104.40'),
    fundTotal: yuan('-30.14'),
    account: yuan('-45.46'),
    cash: yuan('-28.80'),
    refund: true,
  };
  const request: DetailRequest = {
    businessDay: '2025-09-12',
    clearingOffice: '990199',
    clearingType: '41',
    rows: [row, back, { ...row, settlementId: '990199175764800000000990007', total: yuan('76.00') }],
  };
  const resultZip = (text: string, name = 'result.txt') =>
    zipSync({ [name]: new TextEncoder().encode(text) });
  const agencyWith = (file: string | Uint8Array) =>
    agencyThat((_heard, infno) =>
      infno === '9102' ? httpAnswer(file) : answerText('reconciliation', infno),
    );

  test('our rows go up as a file, their sums with 3202, and the differences come back', async () => {
    const { client, peer } = await agencyWith(
      resultZip(
        [
          '99019900000000000000990002\t99V1\t99S1\tP99010699901202509121520300001\t000103\t0\t数据不一致\t76.00\t0.00\t76.00',
          '99019900000000000000990003\t99V2\t99S2\tP99010699901202509121520300002\t000101\t1',
          '99019900000000000000990004\t99V3\t99S3\t\t2\t0\t\t\t\t',
          '',
        ].join('\n'),
      ),
    );
    const outcome = await client.reconcileDetail(request, context);
    expect(outcome).toMatchObject({
      kind: 'success',
      value: [
        { messageId: 'P99010699901202509121520300001', result: 'differs', total: 7600n, account: 7600n },
        { result: 'agency-only', refund: true, visitId: '99V2', settlementId: '99S2' },
        { messageId: '', result: 'institution-only' },
      ],
    });
    const [upload, compare, download] = peer.heard.map((heard) => JSON.parse(heard.body));
    const unpacked = unzipSync(Buffer.from(upload.input.fsUploadIn.in, 'base64'));
    expect(
      strFromU8(unpacked['3202_20250912.txt'] ?? new Uint8Array())
        .split('\n')
        .slice(0, 2),
    ).toEqual([
      '990199175764501500000990001\t990199175764500000000990001\t99019900000000000000990001\t104.40\t30.14\t45.46\t0',
      '990199175766640000000990002\t990199175764500000000990001\t99019900000000000000990001\t-104.40\t-30.14\t-45.46\t1',
    ]);
    expect(compare.input.data).toMatchObject({
      medfee_sumamt: 76,
      fund_pay_sumamt: 30.14,
      cash_payamt: 28.8,
      fixmedins_setl_cnt: 3,
      refd_setl_flag: '',
      file_qury_no: 'fsi/plc/EXAMPLEUP0001',
    });
    expect(download.input.fsDownloadIn).toMatchObject({ file_qury_no: 'fsi/plc/EXAMPLEDN0001' });
  });

  test('a day without sales is still compared', async () => {
    const { client, peer } = await agencyWith(resultZip(''));
    expect(await client.reconcileDetail({ ...request, rows: [] }, context)).toMatchObject({
      kind: 'success',
      value: [],
    });
    expect(JSON.parse(peer.heard[1]?.body ?? '{}').input.data).toMatchObject({ refd_setl_flag: '0' });
  });

  test('the older layout with the flag before the result is understood', async () => {
    const { client } = await agencyWith(resultZip('9901\tV\tS\tM1\t1\t000103\tx\n'));
    expect(await client.reconcileDetail(request, context)).toMatchObject({
      value: [{ result: 'differs', refund: true }],
    });
  });

  test('where the account is inside the fund, rows carry the fund total as it was answered', async () => {
    const peer = await startPeer((socket, heard) => {
      const { infno } = JSON.parse(heard.body) as { infno: string };
      const zip = resultZip('9901\tV\tS\tM1\t000103\t0\t\t104.40\t75.60\t45.46\n');
      socket.end(infno === '9102' ? httpAnswer(zip) : httpAnswer(answerText('reconciliation', infno)));
    });
    peers.push(peer);
    const client = clientFor(peer.url, { relations: { accountInsideFund: true } });
    const outcome = await client.reconcileDetail({ ...request, rows: [row] }, context);
    expect(outcome).toMatchObject({ value: [{ fundTotal: 3014n, account: 4546n }] });
    expect(JSON.parse(peer.heard[1]?.body ?? '{}').input.data).toMatchObject({ fund_pay_sumamt: 75.6 });
  });

  test.each([
    ['a row that cannot be read', resultZip('9901\tV\tS\tM1\t000999\t0\n')],
    ['an amount that is none', resultZip('9901\tV\tS\tM1\t000103\t0\t\tmany\t0\t0\n')],
    ['a row of an agency-only record without its message', resultZip('9901\tV\tS\t\t000101\t0\n')],
    ['two files and no result.txt', zipSync({ 'a.txt': new Uint8Array(1), 'b.txt': new Uint8Array(1) })],
    ['a zip cut in half', resultZip('x'.repeat(500)).subarray(0, 60)],
    ['a zip with a changed byte', changed(resultZip('9901\tV\tS\tM1\t000103\t0\t\t76.00\n'.repeat(20)))],
    ['bytes that are no file', new TextEncoder().encode('PK and nothing more')],
    ['another encoding', zipSync({ 'result.txt': Uint8Array.from([0xd6, 0xd0]) })],
    ['a message instead of the file', '{"infcode":0,"output":{}}'],
  ])('%s makes the comparison fail as a whole, with a code', async (_what, file) => {
    const { client } = await agencyWith(file);
    expect(await client.reconcileDetail(request, context)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-garbled' },
    });
  });

  test('the first refused step is the answer of the whole', async () => {
    const { client, peer } = await agencyThat((_heard, infno) =>
      infno === '3202' ? '{"infcode":-1,"err_msg":"合计不符"}' : answerText('reconciliation', infno),
    );
    expect(await client.reconcileDetail(request, context)).toMatchObject({
      kind: 'refused',
      agencyText: '合计不符',
    });
    expect(peer.heard).toHaveLength(2);
  });

  function changed(zip: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(zip);
    copy[45] = (copy[45] ?? 0) ^ 1;
    return copy;
  }
});
