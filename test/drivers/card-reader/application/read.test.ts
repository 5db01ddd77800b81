import { describe, expect, test } from 'vitest';
import type { CardProof } from '#core/domain/card-proof';
import { type Fault, fault } from '#core/fault';
import { fromHex, toHex } from '#core/hex';
import { err, ok, type Result } from '#core/result';
import { advance, commandsAfterFile, commandsAhead, startRead } from '#drivers/card-reader/application/read';
import type { ReadStart, ReadStep } from '#drivers/card-reader/application/read-state';
import { exampleCards, exampleValues } from '../../../helpers/card-examples.ts';
import { FixtureCard, fixtureProof } from '../../../helpers/fixture-card.ts';

type Last = Extract<ReadStep, { readonly kind: 'done' | 'failed' }>;
const select = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';

/** Reads a fixture card whose answers to some commands (by their start) are replaced. */
function read(
  id: 'A' | 'B' | 'C',
  change: {
    readonly answers?: Readonly<Record<string, string>>;
    readonly proof?: Result<CardProof, Fault>;
    readonly start?: Partial<ReadStart>;
    /** Records are found by short identifier as well. */
    readonly files?: boolean;
    readonly byNumberOnly?: boolean;
  } = {},
): { readonly last: Last; readonly commands: readonly string[] } {
  const card = new FixtureCard(id);
  const answers = Object.entries(change.answers ?? {});
  const commands: string[] = [];
  let turn = startRead({
    chosen: exampleValues,
    atr: card.atr,
    today: '2026-01-15',
    authenticate: 'required',
    ...change.start,
  });
  for (;;) {
    const { step } = turn;
    if (step.kind === 'done' || step.kind === 'failed') return { last: step, commands };
    if (step.kind === 'authenticate') {
      turn = advance(turn.state, { kind: 'proof', result: change.proof ?? ok(fixtureProof) });
      continue;
    }
    const command = toHex(step.command);
    commands.push(command);
    const replaced = answers.find(([start]) => command.startsWith(start))?.[1];
    const genuine = (): Uint8Array =>
      change.files === true && command.startsWith('00B2')
        ? byShortIdentifier(id, step.command, change.byNumberOnly ?? false)
        : card.transmit(step.command);
    const bytes = replaced === undefined ? genuine() : fromHex(replaced);
    turn = advance(turn.state, { kind: 'answer', bytes });
  }
}

/** READ RECORD without a selected file; a wrong length is corrected. */
function byShortIdentifier(id: 'A' | 'B' | 'C', command: Uint8Array, byNumberOnly: boolean): Uint8Array {
  const [, , p1 = 0, p2 = 0, le = 0] = command;
  const records = { 5: exampleCards[id].issuerRecords, 6: exampleCards[id].holderRecords }[p2 >> 3];
  const isNumber = (p2 & 0x07) === 4;
  if (records === undefined || (byNumberOnly && !isNumber)) return fromHex('6A86');
  const tag = p1.toString(16).toUpperCase().padStart(2, '0');
  const found = isNumber ? records[p1 - 1] : records.find((record) => record.startsWith(tag));
  if (found === undefined) return fromHex('6A83');
  const length = found.length / 2;
  return length === le ? fromHex(`${found}9000`) : Uint8Array.of(0x6c, length);
}

const codeOf = (last: Last): string => (last.kind === 'failed' ? last.fault.code : 'done');

describe('what is wrong with a card has a code of its own', () => {
  test.each([
    ['an unknown name', { [select]: '6A82', '00A404000E': '6A82' }, 'card-not-social-security'],
    ['an unknown class of commands', { [select]: '6E00', '00A404000E': '6E00' }, 'card-not-social-security'],
    ['another name in the FCI', { [select]: '6F07840511223344559000' }, 'card-not-social-security'],
    ['a bank environment only', { [select]: '6A82', '00A404000E': '9000' }, 'card-bank-only'],
    ['no issuer file', { '00A4020002EF05': '6A82' }, 'card-blank'],
    ['no card identification code, by tag or by number', { '00B201': '6A83' }, 'card-blank'],
    ['a code of FF', { '00B20100': `0110${'FF'.repeat(16)}9000` }, 'card-blank'],
    ['a code of 00', { '00B20100': `0110${'00'.repeat(16)}9000` }, 'card-blank'],
    ['a code without the provider', { '00B20100': `0110990100${'11'.repeat(13)}9000` }, 'card-data-invalid'],
    ['a version of the future', { '00B20300': '0304392E30309000' }, 'card-data-invalid'],
    ['a locked application', { [select]: '9303' }, 'card-application-locked'],
    ['a card locked in the middle', { '00B20200': '6A81' }, 'card-locked'],
    ['an unwritten holder file', { '00B20800': `0812${'FF'.repeat(18)}9000` }, 'card-blank'],
    ['a number that is no text', { '00B20800': `0812${'01'.repeat(18)}9000` }, 'card-data-invalid'],
    ['a card that never ends', { '00B20100': '6C12' }, 'card-data-invalid'],
    ['a card that always has more', { '00C0': '61FF', '00B20100': '61FF' }, 'card-data-invalid'],
  ])('%s', (_, answers, code) => {
    expect(codeOf(read('A', { answers }).last)).toBe(code);
  });

  test('an unknown algorithm number is refused before anything is asked', () => {
    const answers = { [select]: '6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C038601099000' };
    const { last, commands } = read('C', { answers });
    expect(codeOf(last)).toBe('card-algorithm-unsupported');
    expect(commands).toEqual([select]);
  });

  test('a damaged answer to reset is refused, because the card factor is in it', () => {
    const { last } = read('A', { start: { atr: fromHex('3B6D0000008100') } });
    expect(codeOf(last)).toBe('card-data-invalid');
  });

  test('optional items may be missing or strange', () => {
    const strange = {
      '00B20200': '6A83',
      '00B20300': '6A83',
      '00B20400': '6A82',
      '00B20500': '0504323031329000',
      '00B20600': '0604FFFFFFFF9000',
      '00B20A00': '0A01399000',
      '00B20B00': '0B01FF9000',
      '00B20C00': '0C03FFFFFF9000',
      '00B20D00': '0D04199013019000',
    };
    const { last } = read('A', { answers: strange });
    expect(last).toMatchObject({ kind: 'done', warnings: [] });
    if (last.kind !== 'done') return;
    expect(last.identity.issuer).toMatchObject({ generation: 1, version: '' });
    expect(last.identity.issuer.expiryDate).toBeUndefined();
    expect(last.identity.holder).toEqual({
      socialSecurityNumber: exampleCards.A.socialSecurityNumber,
      name: exampleCards.A.name,
      sex: 'not-stated',
    });
  });

  test('an unreadable name is a warning, and control characters never leave the card', () => {
    const broken = read('A', { answers: { '00B20900': `091E81${'00'.repeat(29)}9000` } });
    expect(broken.last).toMatchObject({
      kind: 'done',
      warnings: [{ code: 'card-data-invalid', detail: 'name' }],
    });
    const printing = read('A', { answers: { '00B20900': `091E1B40D5C51DC8FD${'00'.repeat(24)}9000` } });
    expect(printing.last).toMatchObject({ identity: { holder: { name: '@张三' } } });
  });

  test('an expired card is a warning, or a refusal where the region wants it', () => {
    const start = { today: '2030-01-02' };
    expect(read('A', { start }).last).toMatchObject({ kind: 'done', warnings: [{ code: 'card-expired' }] });
    expect(codeOf(read('A', { start: { ...start, refuseExpired: true } }).last)).toBe('card-expired');
    expect(codeOf(read('A', { start: { today: '2030-01-01', refuseExpired: true } }).last)).toBe('done');
  });
});

describe('cards that refuse the usual way in', () => {
  const refuseNumbers = { '00A4020002EF0': '6A82', '00A4000002EF0': '6A86' };

  test('files that no number selects are read by tag under their short identifier', () => {
    const { last, commands } = read('B', { answers: refuseNumbers, files: true });
    expect(last).toMatchObject({ kind: 'done', identity: { holder: { name: exampleCards.B.name } } });
    for (const start of ['00B20128', '00B20830'])
      expect(commands.some((command) => command.startsWith(start))).toBe(true);
  });

  test.each([
    ['A', 6],
    ['B', 7],
  ] as const)('card %s, whose records go by number only, gives the same, in its own order', (id, count) => {
    const { last, commands } = read(id, { answers: refuseNumbers, files: true, byNumberOnly: true });
    expect(last).toMatchObject({
      kind: 'done',
      warnings: [],
      identity: {
        issuer: { cardNumber: exampleCards[id].cardNumber, expiryDate: '2030-01-01' },
        holder: { name: exampleCards[id].name, birthDate: expect.any(String) },
      },
    });
    const holderReads = commands.filter((command) => /^00B20\d34/.test(command));
    expect(new Set(holderReads.map((command) => command.slice(4, 6))).size).toBeGreaterThanOrEqual(count);
  });

  test('a card number with another check character is a hint and nothing more', () => {
    const { last } = read('A', { answers: { '00B20700': '07095A30303030303031349000' } });
    expect(last).toMatchObject({ kind: 'done', warnings: [{ code: 'card-number-check' }] });
  });

  test('an item longer than the standard allows is cut, a region in 99 and a code of FF are taken', () => {
    const { last } = read('A', {
      answers: {
        '00B2010012': '0110990199D15600000500000001FFFFFFFF9000',
        '00B207000B': '6C0D',
        '00B207000D': '070B5A303030303030313330309000',
      },
    });
    expect(last).toMatchObject({
      kind: 'done',
      warnings: [],
      identity: { issuer: { cardNumber: 'Z00000013', region: '990199' } },
    });
  });
});

describe('authentication', () => {
  test.each(['A', 'B', 'C'] as const)('card %s with a foreign internal answer is refused unopened', (id) => {
    const { last, commands } = read(id, { answers: { '0088': 'FFFFFFFFFFFFFFFF9000' } });
    expect(codeOf(last)).toBe('card-authentication-failed');
    expect(commands.some((command) => command.startsWith('0082'))).toBe(false);
    expect(commands).not.toContain('00A4020002EF06');
  });

  test('a copied card that knows no key is refused even when the agency is out of reach', () => {
    const change = {
      answers: { '0088': '6A88' },
      proof: err(fault('agency-unreachable')),
      start: { authenticate: 'when-available' },
    } as const;
    expect(codeOf(read('B', change).last)).toBe('card-authentication-failed');
  });

  test.each(['63C2', '6983', '6984', '6A88'])(
    'a refused external authentication (%s) stops at once',
    (status) => {
      const { last, commands } = read('C', { answers: { '0082': status } });
      expect(codeOf(last)).toBe('card-authentication-failed');
      expect(commands.filter((command) => command.startsWith('0082'))).toHaveLength(1);
      expect(commands.at(-1)?.startsWith('0082')).toBe(true);
    },
  );

  test('without the agency a 1.00 or 2.00 card is read unproved and a 3.00 card gives the issuer only', () => {
    const change = {
      proof: err(fault('agency-no-answer')),
      start: { authenticate: 'when-available' },
    } as const;
    for (const id of ['A', 'B'] as const) {
      expect(read(id, change).last).toMatchObject({
        kind: 'done',
        identity: { authenticatedBy: 'none', holder: { name: exampleCards[id].name } },
        warnings: [{ code: 'card-authentication-unavailable', detail: 'agency-no-answer' }],
      });
    }
    const third = read('C', change).last;
    expect(third).toMatchObject({
      kind: 'done',
      identity: { authenticatedBy: 'none', issuer: { generation: 3 } },
    });
    expect(third.kind === 'done' && third.identity.holder).toBeUndefined();
    expect(codeOf(read('B', { proof: err(fault('agency-no-answer')) }).last)).toBe(
      'card-authentication-unavailable',
    );
  });

  test('a refusal by the agency is its own fault, not an outage', () => {
    const change = {
      proof: err(fault('agency-refused')),
      start: { authenticate: 'when-available' },
    } as const;
    expect(codeOf(read('A', change).last)).toBe('agency-refused');
  });

  test.each(['', '0102', '01020304050607', 'zz02030405060708'])(
    'an agency answer %j is no proof',
    (internalData) => {
      const { last } = read('A', { proof: ok({ ...fixtureProof, internalData }) });
      expect(codeOf(last)).toBe('card-authentication-unavailable');
    },
  );

  test('the secret algorithm is unsupported, and an old card that uses it may still be read unproved', () => {
    const answers = { [select]: '6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C038601029000' };
    expect(codeOf(read('B', { answers }).last)).toBe('card-algorithm-unsupported');
    const { last, commands } = read('B', { answers, start: { authenticate: 'when-available' } });
    expect(last).toMatchObject({ kind: 'done', warnings: [{ code: 'card-algorithm-unsupported' }] });
    expect(commands.some((command) => command.startsWith('0084'))).toBe(false);
  });

  test('the security module may answer in place of the agency', () => {
    const { last } = read('C', { start: { authenticatedBy: 'security-module' } });
    expect(last).toMatchObject({
      identity: { authenticatedBy: 'security-module', holder: { name: '张三' } },
    });
  });
});

test('the commands after a file are those that its decoding needs not: proof, challenge and question', () => {
  const card = new FixtureCard('C');
  const question = { factor: fromHex('11'.repeat(8)), raw: fromHex('22'.repeat(8)) };
  const start = {
    chosen: exampleValues,
    atr: card.atr,
    today: '2026-01-15',
    authenticate: 'required',
  } as const;
  const counts = new Map<string, number>();
  let turn = startRead({ ...start, question });
  for (;;) {
    const { step, state } = turn;
    if (step.kind === 'done' || step.kind === 'failed') break;
    if (step.kind === 'authenticate') {
      turn = advance(state, { kind: 'proof', result: ok(fixtureProof) });
      continue;
    }
    counts.set(state.place.at, commandsAfterFile([step.command, ...commandsAhead(state)]));
    turn = advance(state, { kind: 'answer', bytes: card.transmit(step.command) });
  }
  expect(turn.step.kind).toBe('done');
  expect(Object.fromEntries(counts)).toEqual({
    environment: 2,
    issuer: 2,
    internal: 0,
    challenge: 0,
    external: 1,
    holder: 1,
    question: 0,
  });
});
