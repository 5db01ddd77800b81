import { afterEach, describe, expect, test } from 'vitest';
import type { AgencyPort } from '#agency/port';
import { clientFor, context, type Heard, httpAnswer, type Peer, purchase, startPeer } from './peer.ts';

const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

async function agencyThat(reply: (heard: Heard) => string): Promise<{ client: AgencyPort; peer: Peer }> {
  const peer = await startPeer((socket, heard) => socket.end(httpAnswer(reply(heard))));
  peers.push(peer);
  return { client: clientFor(peer.url), peer };
}

const sentData = (peer: Peer): unknown =>
  (JSON.parse(peer.heard[0]?.body ?? '{}') as { input?: { data?: unknown } }).input?.data;

const qr = '2800000000000000000000009901';
const person = {
  userName: '张示例',
  idNo: '990101197503150008',
  idType: '01',
  ecToken: '9901990000EXAMPLEECTOKEN20250912000001',
  insuOrg: '990199',
};
const success = (output: unknown) => JSON.stringify({ infcode: 0, output });
const refusal = (text: string) => JSON.stringify({ infcode: -1, err_msg: text, output: null });

describe('1162, a scanned certificate', () => {
  test.each([
    ['in a node of its own', success({ data: person })],
    ['without a node', success(person)],
  ])('becomes a token and a person, %s', async (_form, answer) => {
    const { client, peer } = await agencyThat(() => answer);
    expect(await client.decodeCertificate(qr, context)).toMatchObject({
      kind: 'success',
      value: {
        token: person.ecToken,
        name: '张示例',
        certificateNumber: '990101197503150008',
        certificateType: '01',
        insuredRegion: '990199',
      },
    });
    expect(peer.heard[0]?.path).toBe('/fsi/api/hsecfc/localQrCodeQuery');
    expect(sentData(peer)).toEqual({
      orgId: 'P99010699901',
      businessType: '02121',
      operatorId: '0103',
      operatorName: '柜员乙',
      officeId: 'YD01',
      officeName: '药店',
      deviceType: '',
      ecQrCode: qr,
    });
  });

  test.each([
    ['FSI-请使用医保电子凭证二维码[500159]', 'agency-certificate-invalid'],
    ['500159', 'agency-certificate-invalid'],
    ['该二维码已使用，请刷新', 'agency-certificate-used'],
    ['医保电子凭证已被使用', 'agency-certificate-used'],
    ['二维码已过期', 'agency-certificate-expired'],
    ['二维码已失效，请刷新后重试', 'agency-certificate-expired'],
    ['机构未开通', 'agency-refused'],
    ['签到编号已失效', 'agency-sign-in-invalid'],
  ])('a refusal with the words %s is %s', async (text, code) => {
    const { client } = await agencyThat(() => refusal(text));
    expect(await client.decodeCertificate(qr, context)).toMatchObject({ kind: 'refused', fault: { code } });
  });

  test('the code and the person stay out of whatever comes of it', async () => {
    const answers = [
      refusal(`二维码${qr}已过期`),
      `{"infcode":0,"output":"${qr}`,
      success({ data: { ...person, ecToken: '' }, echo: qr }),
    ];
    for (const answer of answers) {
      const { client } = await agencyThat(() => answer);
      const outcome = await client.decodeCertificate(qr, context);
      expect(outcome.kind).not.toBe('success');
      expect(JSON.stringify(outcome)).not.toContain(qr);
      expect(JSON.stringify(outcome)).not.toContain(person.idNo);
    }
    const { client } = await agencyThat(() => success({ data: person, echo: qr }));
    const decoded = await client.decodeCertificate(qr, context);
    expect(decoded).toMatchObject({ kind: 'success', answer: '' });
  });

  test('a code without an answer is not told as money on its way: a fresh one is asked for', async () => {
    const { client } = await agencyThat(() => 'gibberish');
    expect(await client.decodeCertificate(qr, context)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-certificate-unanswered', retry: 'transient', detail: 'agency-garbled' },
    });
  });

  test('an empty scan and one with control characters are not sent', async () => {
    const { client, peer } = await agencyThat(() => success({ data: person }));
    for (const text of ['', 'a\tb', 'x'.repeat(513)]) {
      expect(await client.decodeCertificate(text, context)).toMatchObject({
        kind: 'refused',
        fault: { code: 'agency-message-invalid' },
      });
    }
    expect(peer.connections()).toBe(0);
  });

  test('a used token is named when a trial or a settlement meets it', async () => {
    const { client } = await agencyThat(() => refusal('医保电子凭证已使用，请刷新二维码后重新扫码'));
    expect(await client.trial(purchase, context)).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-certificate-used' },
    });
    const message = client.prepareSettlement(purchase, context);
    if (!message.ok) throw new Error(message.error.detail);
    expect(await client.sendSettlement(message.value)).toMatchObject({
      kind: 'refused',
      fault: { code: 'agency-certificate-used' },
    });
  });
});

describe('1101 by what the holder shows', () => {
  test.each([
    [
      'an identity number with its name',
      { medium: 'identity-number', mediumNumber: '990101197503150008', name: '张示例' },
      { mdtrt_cert_type: '02', psn_cert_type: '01', certno: '990101197503150008', psn_name: '张示例' },
    ],
    [
      'a token with the person behind it',
      {
        medium: 'electronic-certificate',
        mediumNumber: person.ecToken,
        name: '张示例',
        certificateNumber: '990101197503150008',
        certificateType: '07',
      },
      {
        mdtrt_cert_type: '01',
        mdtrt_cert_no: person.ecToken,
        psn_cert_type: '07',
        certno: '990101197503150008',
      },
    ],
    [
      'a card alone',
      { medium: 'card', mediumNumber: 'Z00000012', cardId: 'A'.repeat(32) },
      { mdtrt_cert_type: '03', card_sn: 'A'.repeat(32), psn_cert_type: '', certno: '', psn_name: '' },
    ],
  ] as const)('sends %s', async (_what, query, sent) => {
    const { client, peer } = await agencyThat(() => refusal('无'));
    await client.person(query, context);
    expect(sentData(peer)).toMatchObject(sent);
  });

  test('an identity number beside another certificate number is refused before anything is sent', async () => {
    const { client, peer } = await agencyThat(() => refusal('无'));
    const query = {
      medium: 'identity-number',
      mediumNumber: '990101197503150008',
      certificateNumber: '990101197503150009',
    } as const;
    expect(await client.person(query, context)).toMatchObject({ fault: { code: 'agency-message-invalid' } });
    expect(peer.connections()).toBe(0);
  });
});

describe('G001, terminal keys', () => {
  const keyId = 'A'.repeat(16);
  const publicKey = `04${'B'.repeat(128)}`;

  test('a first key goes with its code, a change with the old key’s signature', async () => {
    const { client, peer } = await agencyThat(() => success({ result: { key_id: keyId } }));
    const enrol = { action: 'enrol', keyId, publicKey, enrolmentCode: 'AB12-CD34' } as const;
    expect(await client.terminalKey(enrol, context)).toMatchObject({ kind: 'success' });
    expect(peer.heard[0]?.path).toBe('/fsi/api/terminalKeyService/changeKey');
    expect(sentData(peer)).toEqual({
      key_oper: '1',
      key_id: keyId,
      pub_key: publicKey,
      old_key_id: '',
      old_key_sign: '',
      enrl_code: 'AB12-CD34',
    });
    const signature = 'C'.repeat(128);
    const rotate = { action: 'rotate', keyId, publicKey, oldKeyId: 'D'.repeat(16), signature } as const;
    expect(await client.terminalKey(rotate, context)).toMatchObject({ kind: 'success' });
    expect(JSON.parse(peer.heard[1]?.body ?? '{}')).toMatchObject({
      input: { data: { key_oper: '2', old_key_id: 'D'.repeat(16), old_key_sign: signature, enrl_code: '' } },
    });
  });

  test('a change without a signature and an enrolment without a code are not sent', async () => {
    const { client, peer } = await agencyThat(() => success({ result: { key_id: keyId } }));
    for (const request of [
      { action: 'rotate', keyId, publicKey, oldKeyId: 'D'.repeat(16) },
      { action: 'enrol', keyId, publicKey },
    ] as const) {
      expect(await client.terminalKey(request, context)).toMatchObject({
        kind: 'refused',
        fault: { code: 'agency-message-invalid' },
      });
    }
    expect(peer.connections()).toBe(0);
  });

  test('an answer that names another key is not taken for ours', async () => {
    const { client } = await agencyThat(() => success({ result: { key_id: 'E'.repeat(16) } }));
    const enrol = { action: 'enrol', keyId, publicKey, enrolmentCode: 'AB12-CD34' } as const;
    expect(await client.terminalKey(enrol, context)).toMatchObject({
      kind: 'unknown',
      fault: { code: 'agency-garbled' },
    });
  });
});

describe('G002, the blacklist', () => {
  const result = { ver: '0000000003', upd_time: '2025-09-12 08:00:05', chg_flag: '1' };

  test('a newer list comes whole', async () => {
    const { client, peer } = await agencyThat(() =>
      success({
        result,
        cards: [{ card: 'z00000012' }],
        ranges: [{ beg_card: 'Z00000100', end_card: 'Z00000199' }],
      }),
    );
    expect(await client.blacklist('0000000001', context)).toMatchObject({
      kind: 'success',
      value: {
        version: '0000000003',
        asOfMs: Date.parse('2025-09-12T08:00:05+08:00'),
        cards: ['Z00000012'],
        ranges: [{ from: 'Z00000100', to: 'Z00000199' }],
      },
    });
    expect(sentData(peer)).toEqual({ ver: '0000000001' });
  });

  test('nothing newer is undefined', async () => {
    const { client } = await agencyThat(() => success({ result: { ...result, chg_flag: '0' } }));
    expect(await client.blacklist('0000000003', context)).toMatchObject({
      kind: 'success',
      value: undefined,
    });
  });

  test.each([
    ['a range that ends before it begins', { result, ranges: [{ beg_card: 'Z2', end_card: 'Z1' }] }],
    ['a list without a version', { result: { ...result, ver: '' }, cards: [] }],
    ['an unchanged list of another version', { result: { ...result, ver: '9', chg_flag: '0' } }],
    ['a card that is no text', { result, cards: [{ card: { no: 1 } }] }],
    ['an unknown flag', { result: { ...result, chg_flag: '2' } }],
  ])('%s is no list at all: the terminal keeps the one it has', async (_what, output) => {
    const { client } = await agencyThat(() => success(output));
    expect(await client.blacklist('0000000003', context)).toMatchObject({ kind: 'unknown' });
  });
});
