import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRequest, type RequestParts, readRequest, readResponse } from '#agency/envelope';
import { decodeUtf8, exactNumber, MAX_ANSWER_BYTES, parseJson, toJson } from '#agency/json';

const settings = {
  institution: { code: 'P99010699901', name: '虚构药房一号店' },
  region: '990106',
  receiverSystem: 'YBXT',
  interfaceVersion: 'V1.0',
  deviceNumber: 'POS-03',
};
const parts: RequestParts = {
  transaction: '9001',
  messageId: 'P99010699901202509120800050001',
  operator: { number: '0103', name: '柜员乙', role: 'cashier' },
  signInNumber: '',
  insuredRegion: '990106',
  atMs: Date.parse('2025-09-12T08:00:05+08:00'),
  input: { signIn: { opter_no: '0103', mac: '', ip: '127.0.0.1' } },
};

function faultOf(settingsChange: object, partsChange: object): string | undefined {
  const built = buildRequest({ ...settings, ...settingsChange }, { ...parts, ...partsChange });
  return built.ok ? undefined : `${built.error.code} ${built.error.detail}`;
}

describe('request envelope', () => {
  test('a good message is read back as it was written', () => {
    const built = buildRequest(settings, parts);
    const read = built.ok ? readRequest(built.value) : built;
    expect(read.ok && read.value).toMatchObject({
      infno: '9001',
      inf_time: '2025-09-12 08:00:05',
      sign_no: '',
    });
  });

  test.each([
    ['msgid', {}, { messageId: 'P990106' }],
    ['mdtrtarea_admvs', { region: '9901' }, {}],
    ['insuplc_admdvs', {}, { insuredRegion: '99' }],
    ['recer_sys_code', { receiverSystem: 'ELEVENCHARS' }, {}],
    ['dev_no', { deviceNumber: 'x'.repeat(101) }, {}],
    ['infver', { interfaceVersion: '' }, {}],
    ['opter', {}, { operator: { number: 'x'.repeat(31), name: '乙', role: 'cashier' } }],
    ['opter_name', {}, { operator: { number: '1', name: '名'.repeat(51), role: 'cashier' } }],
    ['fixmedins_code', { institution: { code: 'P1', name: 'x' } }, {}],
    ['fixmedins_name', { institution: { code: 'P99010699901', name: '' } }, {}],
    ['sign_no', {}, { signInNumber: '1'.repeat(31) }],
    ['input', {}, { input: { data: 'x'.repeat(40_001) } }],
  ])(
    'a field that does not fit the table is refused by its name: %s',
    (field, settingsChange, partsChange) => {
      expect(faultOf(settingsChange, partsChange)).toMatch(new RegExp(`^agency-message-invalid ${field}:`));
    },
  );

  test('the fault names the field and never its value', () => {
    const detail = faultOf(
      {},
      { operator: { number: '1', name: `SECRET${'x'.repeat(60)}`, role: 'cashier' } },
    );
    expect(detail).not.toContain('SECRET');
  });
});

describe('response envelope', () => {
  test.each([['0'], ['"0"']])('infcode %s is success', (code) => {
    expect(readResponse(`{"infcode":${code},"output":{"a":1}}`)).toMatchObject({
      ok: true,
      value: { status: 'success' },
    });
  });

  test('output as JSON text, null or absent reads like a node', () => {
    const outputs = ['"{\\"a\\":{\\"b\\":\\"c\\"}}"', 'null', '""', '{"a":{"b":"c"}}'].map((output) => {
      const read = readResponse(`{"infcode":0,"output":${output}}`);
      return read.ok ? JSON.parse(toJson(read.value.output)) : read.error;
    });
    expect(outputs).toEqual([{ a: { b: 'c' } }, {}, {}, { a: { b: 'c' } }]);
  });

  test('the short shape of a gateway error is a refusal with its words', () => {
    const read = readResponse('{"type":"error","infcode":-1,"err_msg":"交易报文不正确"}');
    expect(read).toMatchObject({
      ok: true,
      value: { status: 'refused', byGateway: true, errorText: '交易报文不正确' },
    });
  });

  test('infcode 9 is a success that carries a warning', () => {
    const read = readResponse('{"infcode":9,"err_msg":"超量","output":{}}');
    expect(read).toMatchObject({ ok: true, value: { status: 'success', warnings: ['超量'] } });
  });

  test.each([
    ['not-json', '<html>busy</html>'],
    ['not-json', ''],
    ['not-json', '{"infcode":0'],
    ['not-json', '{"infcode":0,"infcode":-1}'],
    ['not-json', '{"infcode":0,"output":"{broken"}'],
    ['too-deep', `{"infcode":0,"output":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['not-an-envelope', '{}'],
    ['not-an-envelope', '[]'],
    ['not-an-envelope', 'null'],
    ['not-an-envelope', '{"infcode":"maybe"}'],
    ['not-an-envelope', '{"infcode":0.5}'],
    ['not-an-envelope', '{"infcode":true}'],
  ])('what is no answer gets the word %s', (word, text) => {
    expect(readResponse(text)).toEqual({ ok: false, error: word });
  });

  test('another encoding and an oversized body are told apart', () => {
    expect(decodeUtf8(Uint8Array.from([0xd6, 0xd0]))).toEqual({ ok: false, error: 'wrong-encoding' });
    expect(decodeUtf8(new Uint8Array(MAX_ANSWER_BYTES + 1))).toEqual({ ok: false, error: 'too-large' });
  });

  test('money keeps its source text through reading and writing', () => {
    const text = '{"a":90071992547409.93,"b":0.10,"c":104.40}';
    const read = parseJson(text);
    expect(read.ok && toJson(read.value)).toBe(text);
    expect(toJson({ x: exactNumber('12.30') })).toBe('{"x":12.30}');
  });

  test('no JSON value and no text makes the reader throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json({ maxDepth: 6 }), fc.string(), fc.string({ unit: 'binary' })), (text) => {
        readResponse(text);
        readResponse(`{"infcode":0,"output":${text}}`);
        readResponse(JSON.stringify({ infcode: '0', output: text }));
      }),
      { numRuns: 500, verbose: 1 },
    );
  });
});
