import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fault } from '#core/fault';
import { fromHex } from '#core/hex';
import { err, ok } from '#core/result';
import { historicalBytes } from '#drivers/card-reader/application/answer-to-reset';
import { decodeHolder, decodeSelection } from '#drivers/card-reader/application/decode';
import { splitRecords } from '#drivers/card-reader/application/items';
import { advance, startRead } from '#drivers/card-reader/application/read';
import { parseTlv } from '#drivers/card-reader/application/tlv';
import { FixtureCard, fixtureProof } from '../../../helpers/fixture-card.ts';

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
        const start = { atr: card.atr, today: options.today, authenticate: authenticate as 'required' };
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
