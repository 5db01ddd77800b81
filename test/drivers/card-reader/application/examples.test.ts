import { describe, expect, test } from 'vitest';
import type { CardProof } from '#core/domain/card-proof';
import { type Fault, fault } from '#core/fault';
import { concatBytes, fromHex, toHex } from '#core/hex';
import { Pin } from '#core/pin';
import { err, ok, type Result } from '#core/result';
import { historicalBytes } from '#drivers/card-reader/application/answer-to-reset';
import { decodeIssuer, decodeSelection } from '#drivers/card-reader/application/decode';
import { advanceExchange, startExchange } from '#drivers/card-reader/application/exchange';
import {
  cardNumberCheckFits,
  issuerItems,
  recordValue,
  splitRecords,
} from '#drivers/card-reader/application/items';
import { pinOutcome, pinState, verifyPinCommand } from '#drivers/card-reader/application/pin';
import { readRecord } from '#drivers/card-reader/application/read-file';
import {
  answerBytes,
  driveScript,
  example,
  exampleCards,
  proofSteps,
  recordSteps,
  type Step,
} from '../../../helpers/card-examples.ts';
import { pinOf } from '../../../helpers/card-pins.ts';

const today = '2026-01-15';
const proofOf =
  (internalData = '', externalData = '0'.repeat(16)) =>
  (): Result<CardProof, Fault> =>
    ok({ internalData, externalData });
const outage = (): Result<CardProof, Fault> => err(fault('agency-unreachable'));

/** The internal authentication of a 2.00 card, and challenges as the example has them. */
const authenticationOfB = proofSteps(example('GEN2-IA-3DES').steps);
const scriptOfB: readonly Step[] = [
  ...example('EF05-B').steps,
  ...authenticationOfB,
  ...example('EF06-B').steps,
];
/** The authentication example, with the issuer file where a terminal reads it and the rest of EF06. */
const [selectC, _raw, _factor, internalC, _externalRaw, ...restOfC] = example('GEN3-IA-EA-SM4').steps;
const scriptOfC: readonly Step[] = [
  ...(selectC === undefined ? [] : [selectC]),
  ['00A4020002EF05', '', '9000'],
  ...recordSteps(exampleCards.C.issuerRecords),
  ...(internalC === undefined ? [] : [internalC]),
  ...restOfC,
  ...recordSteps(exampleCards.C.holderRecords.slice(3)),
];

describe('the byte examples through the reducer', () => {
  test('card A, 1.00: EF05-A and EF06-A give issuer and holder, the missing name extension is passed over', () => {
    const script = [
      ...example('EF05-A').steps,
      ...proofSteps([['008800001099AABBCCDDEEFF001122334455667788', '0011223344556677', '9000']]),
      ...example('EF06-A').steps,
    ];
    const start = { atr: fromHex(exampleCards.A.contactAtr), today, authenticate: 'required' } as const;
    const outcome = driveScript(start, script, proofOf('0011223344556677'));
    expect(outcome.left).toBe(0);
    expect(outcome.last).toEqual({
      kind: 'done',
      warnings: [],
      identity: {
        authenticatedBy: 'agency',
        issuer: {
          cardId: '990100D15600000500000001A1B2C301',
          region: '990100',
          cardNumber: 'Z00000013',
          generation: 1,
          version: '1.00',
          algorithm: 'tdes',
          historicalBytes: '00810000018699990100000001',
          cardClass: '3',
          institution: '915600000299010099010001',
          issueDate: '2020-01-01',
          expiryDate: '2030-01-01',
        },
        holder: {
          socialSecurityNumber: exampleCards.A.socialSecurityNumber,
          name: exampleCards.A.name,
          sex: 'male',
          nation: '01',
          birthplace: '990100',
          birthDate: '1990-01-01',
        },
      },
    });
  });

  test('card B, 2.00: 61xx is followed, the name is joined from 09 and 4E before decoding', () => {
    const start = { atr: fromHex(exampleCards.B.contactAtr), today, authenticate: 'required' } as const;
    const outcome = driveScript(start, scriptOfB, proofOf(example('GEN2-IA-3DES').internalData));
    expect(outcome.left).toBe(0);
    expect(outcome.last).toMatchObject({
      kind: 'done',
      identity: {
        authenticatedBy: 'agency',
        issuer: { generation: 2, version: '2.00', cardNumber: exampleCards.B.cardNumber },
        holder: { name: exampleCards.B.name, sex: 'female', nation: '05', birthDate: '1985-06-15' },
      },
    });
  });

  test('card C, 3.00: internal and external authentication open the holder file', () => {
    const { internalData, externalData } = example('GEN3-IA-EA-SM4');
    const start = { atr: fromHex(exampleCards.C.contactAtr), today, authenticate: 'required' } as const;
    const outcome = driveScript(start, scriptOfC, proofOf(internalData, externalData));
    expect(outcome.left).toBe(0);
    expect(outcome.requests).toEqual([
      {
        region: '990100',
        historicalBytes: '00810000038699990100000003',
        algorithm: 'sm4',
        cardId: '990100D15600000500000003A1B2C303',
        internalFactor: '99AABBCCDDEEFF00',
        internalRaw: '1122334455667788',
        externalFactor: 'A1A2A3A4A5A6A7A8',
        externalRaw: '0102030405060708',
      },
    ]);
    expect(outcome.last).toMatchObject({
      kind: 'done',
      identity: {
        issuer: { generation: 3, algorithm: 'sm4' },
        holder: { name: exampleCards.C.name, socialSecurityNumber: exampleCards.C.socialSecurityNumber },
      },
    });
  });

  test('SEL-GEN12-T0 and SEL-GEN3: the algorithm tag is read, a missing one means 3DES', () => {
    const [asked, fetched] = example('SEL-GEN12-T0').steps;
    if (asked === undefined || fetched === undefined) throw new Error('two steps');
    const first = advanceExchange(startExchange(fromHex(asked[0])), answerBytes(asked));
    if (first.kind !== 'send') throw new Error('61xx asks for more');
    expect(toHex(first.exchange.command)).toBe(fetched[0]);
    const second = advanceExchange(first.exchange, answerBytes(fetched));
    if (second.kind !== 'complete') throw new Error('the answer is whole');
    expect(decodeSelection(second.data)).toEqual(ok('tdes'));
    expect(decodeSelection(fromHex(example('SEL-GEN3').steps[0]?.[1] ?? ''))).toEqual(ok('sm4'));
  });

  test('SEL-NOTFOUND-BANKONLY: a bank card is told apart', () => {
    const start = { atr: fromHex('3B6500000102030405'), today, authenticate: 'when-available' } as const;
    const outcome = driveScript(start, example('SEL-NOTFOUND-BANKONLY').steps, outage);
    expect(outcome).toMatchObject({ left: 0, last: { kind: 'failed', fault: { code: 'card-bank-only' } } });
  });

  test('GEN3-EF06-DENIED: a closed holder file is told as such', () => {
    const { internalData } = example('GEN2-IA-3DES');
    const script = [...example('EF05-B').steps, ...authenticationOfB, ...example('GEN3-EF06-DENIED').steps];
    const start = { atr: fromHex(exampleCards.B.contactAtr), today, authenticate: 'required' } as const;
    const outcome = driveScript(start, script, proofOf(internalData));
    expect(outcome).toMatchObject({
      left: 0,
      last: { kind: 'failed', fault: { code: 'card-holder-file-closed' } },
    });
  });

  test('APP-OR-CARD-LOCKED: 9303 and 6A81 have codes of their own', () => {
    const start = { atr: fromHex(exampleCards.A.contactAtr), today, authenticate: 'when-available' } as const;
    const [application, card] = example('APP-OR-CARD-LOCKED').steps;
    const bank = '00A404000E315041592E5359532E4444463031';
    // A locked card says 6A81 to everything; one that says so to the first command only is a foreign one.
    const locked = driveScript(start, [card ?? ['', '', ''], [bank, '', card?.[2] ?? '']], outage);
    expect(locked.last).toMatchObject({ kind: 'failed', fault: { code: 'card-locked' } });
    const foreign = driveScript(start, [card ?? ['', '', ''], [bank, '', '6A82']], outage);
    expect(foreign.last).toMatchObject({ kind: 'failed', fault: { code: 'card-not-social-security' } });
    const select = example('SEL-GEN3').steps[0] ?? ['', '', ''];
    const lockedApplication = driveScript(start, [[select[0], '', application?.[2] ?? '']], outage);
    expect(lockedApplication.last).toMatchObject({
      kind: 'failed',
      fault: { code: 'card-application-locked' },
    });
    const later = driveScript(start, [select, ['00A4020002EF05', '', card?.[2] ?? '']], outage);
    expect(later.last).toMatchObject({ kind: 'failed', fault: { code: 'card-locked' } });
  });
});

describe('the byte examples of single commands', () => {
  test('READ-6C: the header is sent again with the length the card names', () => {
    const [wrong, right] = example('READ-6C').steps;
    const step = advanceExchange(startExchange(fromHex(wrong?.[0] ?? '')), fromHex(wrong?.[2] ?? ''));
    if (step.kind !== 'send' || right === undefined) throw new Error('6Cxx repeats');
    expect(toHex(step.exchange.command)).toBe(right[0]);
    expect(advanceExchange(step.exchange, answerBytes(right))).toMatchObject({
      kind: 'complete',
      status: 0x9000,
    });
  });

  test('EF05-ALL-QUIRK: a cut version counts by three characters, ASCII years are no dates and no fault', () => {
    const values = splitRecords(fromHex(example('EF05-ALL-QUIRK').steps[1]?.[1] ?? ''));
    const named = Object.fromEntries(issuerItems.map((item) => [item.name, values.get(item.tag)]));
    const historical = fromHex('00810000028699990100000002');
    const issuer = decodeIssuer(named as Parameters<typeof decodeIssuer>[0], 'tdes', historical);
    expect(issuer).toMatchObject({
      ok: true,
      value: { generation: 2, version: '2.0', cardNumber: 'Z00000021', region: '990100' },
    });
    expect(issuer.ok && [issuer.value.issueDate, issuer.value.expiryDate]).toEqual([undefined, undefined]);
  });

  test('EF05-EF06-SFI: the records are the same however they are asked for', () => {
    for (const [, data] of example('EF05-EF06-SFI').steps) {
      const record = fromHex(data);
      const tag = record[0] ?? 0;
      expect(toHex(readRecord(tag, 0x00, record.length - 2)).slice(8)).toBe(
        record.length.toString(16).toUpperCase().padStart(2, '0'),
      );
      expect(recordValue(record, tag)).toEqual(record.subarray(2));
    }
  });

  test('PIN-QUERY tells the tries without using one', () => {
    const step = example('PIN-QUERY').steps[0] ?? ['', '', ''];
    expect(pinState(Number.parseInt(step[2], 16))).toEqual(ok({ kind: 'set', triesLeft: 6 }));
    expect(pinState(0x9000)).toEqual(ok({ kind: 'none' }));
  });

  test.each([
    ['PIN-OK', 1, '123456'],
    ['PIN-ODD', 0, '12345'],
  ])('%s is coded as the example has it', (id, index, pin) => {
    const step = example(id).steps[index];
    expect(toHex(verifyPinCommand(pinOf(pin).bytes()))).toBe(step?.[0]);
    expect(pinOutcome(Number.parseInt(step?.[2] ?? '', 16))).toEqual(ok({ kind: 'ok' }));
  });

  test('PIN-WRONG-LOCK counts down and ends locked, even for the right PIN', () => {
    const outcomes = example('PIN-WRONG-LOCK').steps.map((step) => pinOutcome(Number.parseInt(step[2], 16)));
    expect(outcomes).toMatchObject([
      { value: { kind: 'wrong', triesLeft: 2, fault: { code: 'card-pin-wrong' } } },
      { value: { kind: 'wrong', triesLeft: 1 } },
      { value: { kind: 'locked', fault: { code: 'card-pin-locked' } } },
      { value: { kind: 'locked' } },
    ]);
    for (const pin of ['123', '1234567890123', '12a4', '']) {
      const malformed = Pin.fromAscii(Buffer.from(pin, 'ascii'));
      expect(malformed).toMatchObject({ ok: false, error: { code: 'card-pin-malformed' } });
    }
  });

  test('PCSC-CONTACTLESS-ATR: the historical bytes stand before the check byte', () => {
    const { atr, historicalBytes: expected } = example('PCSC-CONTACTLESS-ATR');
    const bytes = fromHex(atr ?? '');
    expect(toHex(historicalBytes(bytes) ?? new Uint8Array())).toBe(expected);
    const damaged = concatBytes(bytes.subarray(0, -1), Uint8Array.of(0x00));
    expect(historicalBytes(damaged)).toBeUndefined();
    for (const card of Object.values(exampleCards)) {
      const historical = historicalBytes(fromHex(card.contactAtr));
      expect(toHex(historical ?? new Uint8Array()).slice(10)).toBe(card.factor);
    }
  });

  test('card numbers of the example cards carry a check character that fits', () => {
    for (const card of Object.values(exampleCards)) expect(cardNumberCheckFits(card.cardNumber)).toBe(true);
    expect(cardNumberCheckFits('D2143569X')).toBe(true);
    expect(cardNumberCheckFits('D21435691')).toBe(false);
  });
});
