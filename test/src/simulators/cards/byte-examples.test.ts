import { describe, expect, it } from 'vitest';
import { assert } from '#core/assert';
import { fromHex, toHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import type { CardDefinition } from '#simulators/cards/card-definition';
import { freeAccess, recordFile } from '#simulators/cards/card-files';
import { authenticationData } from '#simulators/cards/card-keys';
import { VirtualPsam } from '#simulators/cards/psam';
import { socialSecurityCard } from '#simulators/cards/social-security-card';
import { testRootKeys } from '#simulators/cards/test-root-keys';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { trainingFacts } from '#simulators/cards/training-facts';
import { trainingPsam } from '#simulators/cards/training-psam';
import { VirtualCard, type VirtualCardOptions } from '#simulators/cards/virtual-card';
import { type Example, example, fixture } from './examples.ts';

/** The challenges that an example shows, so that the card gives just these. */
function challengesOf({ steps }: Example): string[] {
  return steps
    .filter(({ to, command }) => to === 'card' && command.startsWith('0084'))
    .map(({ answer }) => answer.slice(0, -4));
}

function send(card: CardLike, command: string): string {
  const answer = card.transmit(fromHex(command));
  assert(answer !== undefined, 'the card answers');
  return toHex(answer);
}

interface Setting {
  readonly card?: CardLike;
  readonly psam?: CardLike;
  /** Commands before the example begins. */
  readonly before?: readonly string[];
  readonly psamBefore?: readonly string[];
}

function replay(id: string, { card, psam, before = [], psamBefore = [] }: Setting): void {
  card?.powerOn();
  psam?.powerOn();
  for (const command of before) if (card !== undefined) send(card, command);
  for (const command of psamBefore) if (psam !== undefined) send(psam, command);
  for (const { to, command, answer } of example(id).steps) {
    const target = to === 'psam' ? psam : card;
    assert(target !== undefined, `example ${id} has a ${to}`);
    expect(send(target, command), `${id} ${command}`).toBe(answer);
  }
}

function withDefinition(
  change: (definition: CardDefinition) => CardDefinition,
  options: VirtualCardOptions = {},
): VirtualCard {
  return new VirtualCard(change(socialSecurityCard(trainingFacts.b)), options);
}

const oneStep = { transport: 'one-step' } as const;
const newPsam = (): CardLike => new VirtualPsam(trainingPsam());

const settings: Record<string, () => Setting> = {
  'SEL-GEN12-T0': () => ({ card: makeTrainingCard('B') }),
  'SEL-GEN3': () => ({ card: makeTrainingCard('C', oneStep) }),
  'SEL-NOTFOUND-BANKONLY': () => ({ card: makeTrainingCard('bank-only') }),
  'EF05-A': () => ({ card: makeTrainingCard('A') }),
  'EF05-B': () => ({ card: makeTrainingCard('B') }),
  'EF05-EF06-SFI': () => ({ card: makeTrainingCard('B') }),
  'EF06-A': () => ({ card: makeTrainingCard('A') }),
  'EF06-B': () => ({ card: makeTrainingCard('B') }),
  'READ-6C': () => ({ card: makeTrainingCard('A'), before: ['00A4020002EF05'] }),
  'GEN3-EF06-DENIED': () => ({ card: makeTrainingCard('C') }),
  'GEN3-IA-EA-SM4': () => ({
    card: makeTrainingCard('C', { ...oneStep, challenges: challengesOf(example('GEN3-IA-EA-SM4')) }),
  }),
  'GEN2-IA-3DES': () => ({ card: makeTrainingCard('B') }),
  'PSAM-EA-DF04': () => ({
    card: makeTrainingCard('B', { challenges: challengesOf(example('PSAM-EA-DF04')) }),
    psam: newPsam(),
  }),
  'PSAM-INFO': () => ({ psam: newPsam() }),
  'PIN-QUERY': () => ({ card: makeTrainingCard('A', { pinTries: 6 }) }),
  'PIN-OK': () => ({ card: makeTrainingCard('C', oneStep) }),
  'PIN-ODD': () => ({
    card: withDefinition((own) => ({ ...own, pin: { digits: '12345', maxTries: 6 } })),
  }),
  'PIN-WRONG-LOCK': () => ({ card: makeTrainingCard('B', { pinTries: 3 }) }),
  'PIN-CHANGE': () => ({ card: makeTrainingCard('B') }),
  'PIN-RESET-SM4': () => ({
    card: makeTrainingCard('C', { challenges: challengesOf(example('PIN-RESET-SM4')) }),
  }),
  'PIN-RESET-3DES': () => ({
    card: makeTrainingCard('B', { challenges: challengesOf(example('PIN-RESET-3DES')) }),
  }),
  DEBIT: () => ({
    card: new VirtualCard(
      socialSecurityCard({ ...trainingFacts.b, money: { balance: 50_00n, year: 2024, sequence: 5 } }),
      { transport: 'fetched', challenges: ['DEADBEEF'] },
    ),
    psam: new VirtualPsam(trainingPsam({ terminalSequence: 0x29 }), 'fetched'),
  }),
};

describe('byte examples', () => {
  it.each(Object.keys(settings))('%s: the simulated card answers every step', (id) => {
    const setting = settings[id];
    assert(setting !== undefined, 'the table has its own key');
    replay(id, setting());
  });

  it('EF05-ALL-QUIRK: a reader library that repeats by itself reads the whole file at once', () => {
    const records = fixture.cards.B.issuerRecords.map((record) =>
      record
        .replace('0304322E3030', '0304322E3000')
        .replace('050420200101', '050432303132')
        .replace('060420300101', '060432303232'),
    );
    const card = withDefinition(
      (own) => {
        const [environment, ...others] = own.files;
        const files = environment.files.map((file) =>
          file.fid === 'EF05' ? recordFile('EF05', 0x05, freeAccess, records) : file,
        );
        return { ...own, files: [{ ...environment, files }, ...others] };
      },
      { transport: 'merged' },
    );
    replay('EF05-ALL-QUIRK', { card });
  });

  it('PIN-UNBLOCK-3DES: with the MAC of the security module the counter is full again', () => {
    const id = 'PIN-UNBLOCK-3DES';
    const factor = 'BB01BB02BB03BB04';
    const raw = 'AA01AA02AA03AA04';
    const holder = { region: '990100', historicalBytes: fixture.cards.B.historicalBytes };
    const data = authenticationData('tdes', testRootKeys.PUK, holder, factor, raw);
    const card = makeTrainingCard('B', {
      pinTries: 3,
      challenges: [factor, ...challengesOf(example(id))],
    });
    const before = ['0020000003000000', '0084000008', `0082000610${data}${raw}`];
    replay(id, { card, psam: newPsam(), before, psamBefore: ['00A4000002DF01'] });
    expect(send(card, '0020000000')).toBe('63C3');
  });

  it('APP-OR-CARD-LOCKED: a locked application says 9303, a locked card 6A81 to everything', () => {
    const [application, locked] = example('APP-OR-CARD-LOCKED').steps;
    assert(application !== undefined && locked !== undefined, 'the example has two steps');
    const oneLocked = withDefinition((own) => {
      const [environment, ...others] = own.files;
      const files = others.map((file) => (file.fid === 'DF04' ? { ...file, locked: true } : file));
      return { ...own, files: [environment, ...files] };
    });
    oneLocked.powerOn();
    expect(send(oneLocked, application.command)).toBe(application.answer);
    const card = makeTrainingCard('locked');
    card.powerOn();
    for (const command of [locked.command, '00C0000018', 'FFFFFFFFFF', '0084000008']) {
      expect(send(card, command)).toBe(locked.answer);
    }
  });

  it.each(['A', 'B', 'C'] as const)('card %s carries the records of the examples byte for byte', (id) => {
    const own = socialSecurityCard(trainingFacts[id === 'A' ? 'a' : id === 'B' ? 'b' : 'c']);
    const [environment] = own.files;
    const recordsOf = (fid: string): string[] => {
      const content = environment.files.find((file) => file.fid === fid)?.content;
      assert(content?.kind === 'records', 'the file has records');
      return content.records.map(toHex);
    };
    expect(own.atr).toBe(fixture.cards[id].contactAtr);
    expect(recordsOf('EF05')).toEqual(fixture.cards[id].issuerRecords);
    expect(recordsOf('EF06')).toEqual(fixture.cards[id].holderRecords);
  });

  it('the contactless side of card C reports the ATR that PC/SC makes of its historical bytes', () => {
    expect(toHex(makeTrainingCard('C', oneStep).atr)).toBe(fixture.cards.C.contactlessAtr);
  });
});
