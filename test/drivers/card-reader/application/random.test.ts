import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Fault, fault } from '#core/fault';
import { fromHex } from '#core/hex';
import { fen } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { historicalBytes } from '#drivers/card-reader/application/answer-to-reset';
import { decodeHolder, decodeSelection } from '#drivers/card-reader/application/decode';
import { splitRecords } from '#drivers/card-reader/application/items';
import { advance, startRead } from '#drivers/card-reader/application/read';
import { parseTlv } from '#drivers/card-reader/application/tlv';
import { readMedical, readPhoto } from '#drivers/card-reader/file-verbs';
import type { HeldCard } from '#drivers/card-reader/held-card';
import {
  changePin,
  pinChallenge,
  readPinState,
  unblockPin,
  verifyPin,
  verifyPinBlock,
} from '#drivers/card-reader/pin-verbs';
import { sameCard } from '#drivers/card-reader/presence';
import { beginPurchase, debit, purchaseProof } from '#drivers/card-reader/purchase-verbs';
import { exampleValues } from '../../../helpers/card-examples.ts';
import { pinOf } from '../../../helpers/card-pins.ts';
import { FixtureCard, fixtureProof } from '../../../helpers/fixture-card.ts';
import { holdScript, ScriptKeys } from '../../../helpers/script-card.ts';
import { atrOfCardOne, TinyCard } from '../../../helpers/tiny-card.ts';

const seed = Number(process.env['GUITAI_SEED'] ?? Date.now() % 2 ** 31);
console.info(`card bytes: seed ${seed}`);
const runs = { seed, numRuns: 400 };
/** 8 rounds for each of about 30 commands. */
const mostSteps = 300;

const bytes = fc.uint8Array({ maxLength: 258 });
const status = fc.constantFrom(
  '9000',
  '6100',
  '6108',
  '61FF',
  '6C00',
  '6C12',
  '6982',
  '6A83',
  '6A81',
  '9303',
  '63C0',
);
const wild = fc.oneof(
  bytes,
  fc.tuple(bytes, status).map(([data, word]) => Uint8Array.from([...data, ...fromHex(word)])),
);
const options = { today: '2026-01-15', authenticate: fc.constantFrom('required', 'when-available') };

test('a card of random answers ends in a coded outcome after few commands, whatever it says', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('A', 'B', 'C'),
      fc.array(fc.option(wild, { nil: undefined, freq: 3 }), { minLength: 1, maxLength: 60 }),
      options.authenticate,
      fc.boolean(),
      (id, answers, authenticate, isReachable) => {
        const card = new FixtureCard(id as 'A');
        const start = {
          chosen: exampleValues,
          atr: card.atr,
          today: options.today,
          authenticate: authenticate as 'required',
        };
        let turn = startRead(start);
        let steps = 0;
        while (turn.step.kind === 'transmit' || turn.step.kind === 'authenticate') {
          steps += 1;
          expect(steps).toBeLessThan(mostSteps);
          if (turn.step.kind === 'authenticate') {
            const result = isReachable ? ok(fixtureProof) : err(fault('agency-unreachable'));
            turn = advance(turn.state, { kind: 'proof', result });
            continue;
          }
          // A gap in the list is the genuine answer, so that runs get past the first command.
          const answer = answers[steps % answers.length] ?? card.transmit(turn.step.command);
          turn = advance(turn.state, { kind: 'answer', bytes: answer });
        }
        expect(['done', 'failed']).toContain(turn.step.kind);
      },
    ),
    runs,
  );
});

const purchase = { account: fen(1n), own: fen(0n), pool: fen(0n), terminalNumber: '990100000001' };
const order = { terminalSequence: '0000002A', time: '20240315103000', mac1: 'C66228E4' };
const verbs: Readonly<Record<string, (card: HeldCard) => Promise<Result<unknown, Fault>>>> = {
  pinState: (card) => readPinState(card, 'medical'),
  verifyPin: (card) => verifyPin(card, pinOf('12345'), 'environment'),
  verifyPinBlock: async (card) => {
    const challenge = await pinChallenge(card);
    return challenge.ok ? verifyPinBlock(card, new Uint8Array(16)) : challenge;
  },
  changePin: (card) => changePin(card, pinOf('12345'), pinOf('123456')),
  unblockPin: (card) => unblockPin(card, new ScriptKeys('11'.repeat(8), '22'.repeat(12)), pinOf('1234')),
  readMedical: (card) => readMedical(card, new ScriptKeys('11'.repeat(8))),
  readPhoto: (card) => readPhoto(card, new ScriptKeys('11'.repeat(8))),
  beginPurchase: (card) => beginPurchase(card, purchase),
  debit: (card) => debit(card, order),
  purchaseProof: (card) => purchaseProof(card, '0005'),
  confirmPresence: (card) => sameCard(card.connection, card.issuer, card.question),
};

test.each(Object.keys(verbs))(
  '%s ends in an outcome or a code after few commands, whatever the card says',
  async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.array(wild, { minLength: 1, maxLength: 20 }), async (answers) => {
        const card = new TinyCard(atrOfCardOne);
        card.answer = () => answers[card.commands.length % answers.length] ?? fromHex('9000');
        const { held } = await holdScript(card);
        const result = await verbs[name]?.(held);
        expect(result?.ok === true || result?.error.code).toBeTruthy();
        expect(card.commands.length).toBeLessThan(mostSteps);
      }),
      { seed, numRuns: 60 },
    );
  },
);

test('decoders take any bytes', () => {
  fc.assert(
    fc.property(bytes, bytes, (one, two) => {
      parseTlv(one);
      splitRecords(one);
      decodeSelection(one);
      historicalBytes(one);
      decodeHolder({ socialSecurityNumber: one, name: two, nameExtension: one, sex: two, birthDate: one });
    }),
    runs,
  );
});
