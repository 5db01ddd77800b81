import { describe, expect, test } from 'vitest';
import { addressOf, checkBaseUrl } from '#agency/addresses';
import { AnswersSeen } from '#agency/answers-seen';
import { composeMessageId, messageIdParts, takeMessageId, volatileMessageIds } from '#agency/message-id';
import { isUnclearRefusal, refusalCode, serviceCodes } from '#agency/refusals';
import { AnswerTimes, driftOf, parseEnvelopeTime } from '#agency/respond-time';
import { xTifSigner } from '#agency/x-tif';

const at = Date.parse('2025-09-12T10:30:15+08:00');
const code = 'P99010699901';

describe('message ids', () => {
  test('an id is institution, business time and sequence in 30 characters', () => {
    const id = composeMessageId(code, at, 7);
    expect(id).toBe('P99010699901202509121030150007');
    expect(messageIdParts(id)).toEqual({
      ok: true,
      value: { institutionCode: code, time: '20250912103015', sequence: '0007' },
    });
  });

  test('a source that breaks the rule is caught before anything is stored', () => {
    for (const bad of ['', 'P990106999012025091210301500', 'P99010699902202509121030150001']) {
      expect(takeMessageId({ nextMessageId: () => bad }, code, at)).toEqual({
        ok: false,
        error: 'not-a-message-id',
      });
    }
  });

  test('ids stay unique over 25,000 messages in one second and a clock that goes back', () => {
    const source = volatileMessageIds();
    const ids = new Set<string>();
    for (let index = 0; index < 25_000; index += 1) {
      ids.add(source.nextMessageId(code, index % 2 === 0 ? at : at - 3_600_000));
    }
    expect(ids.size).toBe(25_000);
    expect([...ids].every((id) => messageIdParts(id).ok)).toBe(true);
  });

  test('two programs that ask in the same second begin at different numbers', () => {
    const firsts = new Set(
      Array.from({ length: 40 }, () => volatileMessageIds().nextMessageId(code, at).slice(-4)),
    );
    expect(firsts.size).toBeGreaterThan(30);
    expect(volatileMessageIds(9_999).nextMessageId(code, at)).toMatch(/9999$/);
  });
});

describe('x-tif headers', () => {
  test('the published vector comes out', () => {
    const sign = xTifSigner({ account: 'example_paas', token: 'EXAMPLETOKEN' }, () => 'a1b2c3d4');
    expect(sign(new Uint8Array(), 1_757_644_200_999)).toEqual({
      'x-tif-paasid': 'example_paas',
      'x-tif-timestamp': '1757644200',
      'x-tif-nonce': 'a1b2c3d4',
      'x-tif-signature': 'ae65e613028e1e18722a223a1bea8e6ba84074ce64fe9e6c550c6508a8bfba25',
    });
  });

  test('two messages never share a nonce', () => {
    const sign = xTifSigner({ account: 'a', token: 'b' });
    const nonces = [1, 2, 3].map(() => sign(new Uint8Array(), at)['x-tif-nonce']);
    expect(new Set(nonces).size).toBe(3);
  });
});

describe('addresses', () => {
  const base = {
    baseUrl: 'http://127.0.0.1:8070/',
    style: 'path',
    paths: {},
    allowPlainHttp: false,
  } as const;

  test('each style finds its address', () => {
    expect(addressOf('9001', base)).toBe('http://127.0.0.1:8070/fsi/api/signInSignOutService/signIn');
    expect(addressOf('2102', { ...base, paths: { '2102': '/own/settle' } })).toBe(
      'http://127.0.0.1:8070/fsi/api/own/settle',
    );
    expect(addressOf('2601', { ...base, baseUrl: 'https://a.example/x/fsi/api' })).toBe(
      'https://a.example/x/fsi/api/reverseService/revsMethod',
    );
    expect(addressOf('1101', { ...base, style: 'number' })).toBe('http://127.0.0.1:8070/1101');
    expect(addressOf('1101', { ...base, style: 'single', baseUrl: 'https://a.example/s' })).toBe(
      'https://a.example/s',
    );
  });

  test.each([
    ['not a url', 'agency'],
    ['another protocol', 'ftp://127.0.0.1/'],
    ['plain http beyond this machine', 'http://10.1.2.3/'],
    ['a user name', 'https://a:b@agency.example/'],
    ['a query', 'https://agency.example/?x=1'],
  ])('%s is refused with a code', (_what, baseUrl) => {
    const checked = checkBaseUrl({ ...base, baseUrl });
    expect(checked.ok ? 'taken' : checked.error.code).toBe('agency-address-invalid');
  });

  test('plain http to this machine, and beyond it when allowed, is taken', () => {
    expect(checkBaseUrl({ ...base, baseUrl: 'http://localhost:1' }).ok).toBe(true);
    expect(checkBaseUrl({ ...base, baseUrl: 'http://[::1]:1' }).ok).toBe(true);
    expect(checkBaseUrl({ ...base, baseUrl: 'http://10.1.2.3', allowPlainHttp: true }).ok).toBe(true);
  });
});

describe('words of a refusal', () => {
  test.each([
    ['2102', '签到编号已失效，请重新签到', 'agency-sign-in-invalid'],
    ['1101', '操作员未签到', 'agency-sign-in-invalid'],
    ['1101', '未查询到人员参保信息', 'agency-person-unknown'],
    ['2101', '该人员已暂停参保，不能享受医保待遇', 'agency-not-entitled'],
    ['2601', '未查询到人员参保信息', 'agency-refused'],
    ['2102', '库存不足', 'agency-refused'],
    ['1101', '就诊凭证类型为03时卡识别码不能为空', 'agency-refused'],
  ] as const)('%s %s becomes %s', (transaction, text, expected) => {
    expect(refusalCode(transaction, text)).toBe(expected);
  });

  test.each([
    ['2102', 'FSI-调用业务基础子系统超时', true],
    ['2102', 'Read timed out', true],
    ['2102', 'FSI-msgid发送方报文ID重复[gatewayBO_0003]', true],
    ['2601', '交易正在处理，请稍后查询', true],
    ['2103', '系统异常，请联系管理员', true],
    ['2102', '账户余额不足', false],
    ['2601', '冲正的结算信息退费结算标志不为未退费，不能办理冲正交易', false],
    ['2101', '调用超时', false],
  ] as const)('%s with %s says nothing about the booking: %s', (transaction, text, expected) => {
    expect(isUnclearRefusal(transaction, text)).toBe(expected);
  });

  test('only bracketed service codes are kept for the log', () => {
    expect(serviceCodes('FSI-张某失败[iptPsnSetlMgtBO_4412][outpatientSettleBO_40][备注]')).toEqual([
      'iptPsnSetlMgtBO_4412',
      'outpatientSettleBO_40',
    ]);
  });
});

describe('clock drift', () => {
  test('the ways there and back cancel out', () => {
    expect(parseEnvelopeTime('20250912103015102')).toBe(at + 102);
    expect(driftOf('20250912103016000', '20250912103016500', at - 100, at + 600)).toBe(1000);
  });

  test('one time is enough, none or a broken one gives nothing', () => {
    expect(driftOf('', '20250912103016000', at, at)).toBe(1000);
    expect(driftOf('20250912103014000', '', at, at)).toBe(-1000);
    expect(driftOf('', 'yesterday', at, at)).toBeUndefined();
    expect(driftOf('20251399999999999', '', at, at)).toBeUndefined();
  });

  test('one answer with a wrong time, or a stray one, leads nobody astray about the next', () => {
    const times = new AnswerTimes();
    expect(times.isOlder('20250912103015000', 0)).toBe(false);
    for (const second of [15, 16, 17]) times.note(`202509121030${second}000`, (second - 15) * 1000);
    times.note('20250912113018000', 3000);
    times.note('20250912093019000', 4000);
    expect(times.isOlder('20250912103020000', 5000)).toBe(false);
    expect(times.isOlder('20250912103019000', 5000)).toBe(true);
    expect(times.isOlder('', 5000)).toBe(false);
  });
});

describe('an answer that came before', () => {
  const answer = new TextEncoder().encode('{"infcode":-1}');
  const times = { receivedTime: '20250912103015102', respondedTime: '20250912103015140' };
  const none = { receivedTime: '', respondedTime: '' };

  test('to a money message, with the agency’s times in it, is not believed a second time', () => {
    const seen = new AnswersSeen();
    expect(seen.isRepeated('2102', times, answer)).toBe(false);
    expect(seen.isRepeated('2103', times, answer)).toBe(true);
    expect(seen.isRepeated('2102', times, new TextEncoder().encode('{"infcode":-2}'))).toBe(false);
  });

  test('without times, or to a question that moves no money, may come as often as it likes', () => {
    const seen = new AnswersSeen();
    for (let again = 0; again < 2; again += 1) {
      expect(seen.isRepeated('2102', none, answer)).toBe(false);
      expect(seen.isRepeated('1101', times, answer)).toBe(false);
    }
  });

  test('is forgotten after sixty-four others', () => {
    const seen = new AnswersSeen();
    seen.isRepeated('2102', times, answer);
    for (let other = 0; other < 64; other += 1) seen.isRepeated('2102', times, Uint8Array.of(other));
    expect(seen.isRepeated('2102', times, answer)).toBe(false);
  });
});
