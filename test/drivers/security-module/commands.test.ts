import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '#core/hex';
import type { CardLike } from '#drivers/card-reader/port';
import { FakeSecurityModule } from '#drivers/security-module/fake';
import { cityFactor, diversify, provinceFactor } from '#simulators/cards/card-keys';
import { VirtualPsam } from '#simulators/cards/psam';
import { testRootKey } from '#simulators/cards/test-root-keys';
import { trainingPsam } from '#simulators/cards/training-psam';
import {
  cardFacts,
  debitPurchase,
  faultOf,
  proofRequest,
  shopModule,
} from '../../contract/security-module-contract.ts';

/** Passes everything on and remembers it: as text at once, and the very bytes that were handed over. */
class ListenedCard implements CardLike {
  readonly heard: string[] = [];
  readonly handed: Uint8Array[] = [];
  readonly #card: CardLike;

  constructor(card: CardLike) {
    this.#card = card;
  }

  get atr(): Uint8Array {
    return this.#card.atr;
  }

  powerOn(): void {
    this.#card.powerOn();
  }

  powerOff(): void {
    this.#card.powerOff();
  }

  reset(): void {
    this.#card.reset();
  }

  transmit(apdu: Uint8Array): Uint8Array | undefined {
    this.heard.push(toHex(apdu));
    this.handed.push(apdu);
    return this.#card.transmit(apdu);
  }
}

async function started(card: CardLike): Promise<FakeSecurityModule> {
  const module = new FakeSecurityModule(card);
  await module.start();
  return module;
}

const stk = { key: 'STK', raw: '0000000000000000' } as const;
const unblock = {
  ...{ ...cardFacts('B'), ...stk, factor: 'DD01DD02DD03DD04', header: '8424000004' },
  plain: new Uint8Array(0),
};

/** A module of another issuer: STK at city level, so that one level is left to make, for MAC only. */
function oneLevelModule(): CardLike {
  const definition = trainingPsam({ algorithms: ['tdes'], without: ['STK'] });
  const [{ algorithm, keys }] = definition.environments;
  const factors = [provinceFactor('990100'), cityFactor('990100')];
  const value = factors.reduce(
    (key, factor) => diversify('tdes', key, factor),
    fromHex(testRootKey('STK', 'tdes')),
  );
  return new VirtualPsam({
    ...definition,
    environments: [{ algorithm, keys: [...keys, { usage: 0x26, id: 0x09, value }] }],
  });
}

describe('what goes over the line, byte for byte', () => {
  it('PIN-UNBLOCK-3DES: session key of STK, one block with its IV, the rest fetched', async () => {
    const card = new ListenedCard(shopModule());
    const module = await started(card);
    expect(await module.maintenanceData(unblock)).toMatchObject({ value: 'D18E3D65' });
    expect(card.heard.slice(-3)).toEqual([
      'BFDE48091886999901000000023939303130307378DD01DD02DD03DD04',
      '80FA05001000000000000000008424000004800000',
      '00C0000008',
    ]);
  });

  it('DEBIT: the purchase with two factors, then MAC2', async () => {
    const card = new ListenedCard(shopModule());
    const module = await started(card);
    await module.beginPurchase(debitPurchase());
    await module.finishPurchase('5E5E41E8');
    expect(card.heard.filter((command) => command.startsWith('807'))).toEqual([
      '807001002CDEADBEEF0005000004E20000012C00001194322024031510300001008699990100000002393930313030737808',
      '80720000045E5E41E8',
    ]);
  });

  it('a module with one level for STK is asked at the second place, and cannot encipher with it', async () => {
    const card = new ListenedCard(oneLevelModule());
    const module = await started(card);
    expect(await module.maintenanceData(unblock)).toMatchObject({ value: 'D18E3D65' });
    expect(card.heard.filter((command) => command.startsWith('BFDE'))).toEqual([
      'BFDE48091886999901000000023939303130307378DD01DD02DD03DD04',
      'BFDE2609108699990100000002DD01DD02DD03DD04',
    ]);
    const reset = { ...unblock, header: '842400010C', plain: fromHex('03123456') };
    expect(await faultOf(module.maintenanceData(reset))).toBe(
      'security-module-missing: no key STK (80FA0000 answered 6985)',
    );
  });
});

describe('a new PIN on its way through the module', () => {
  it('is wiped from every command that carried it, also when the module refuses', async () => {
    for (const psam of [shopModule(), oneLevelModule()]) {
      const card = new ListenedCard(psam);
      const module = await started(card);
      const plain = fromHex('03123456');
      await module.maintenanceData({ ...unblock, header: '842400010C', plain });
      const at = card.heard.findIndex((command) => command.includes('03123456'));
      expect(at).toBeGreaterThan(0);
      for (const bytes of card.handed) expect(toHex(bytes)).not.toContain('123456');
      expect(toHex(plain)).toBe('03123456');
    }
  });
});

describe('whatever a module answers', () => {
  it('is taken or refused with a code, and ends', async () => {
    const answers = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom('9000', '6108', '6C08', '6A88', '6100', '00112233445566779000').map(fromHex),
      ),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(answers, async (script) => {
        let count = 0;
        let honest = true;
        const good = shopModule();
        const module = await started({
          ...{
            atr: good.atr,
            powerOn: () => good.powerOn(),
            powerOff: () => good.powerOff(),
            reset: () => good.reset(),
          },
          // Honest until it is known, then anything.
          transmit: (apdu) => (honest ? good.transmit(apdu) : script[count++ % script.length]),
        });
        honest = false;
        for (const answer of [
          module.authenticate(proofRequest('C')),
          module.maintenanceData(unblock),
          module.beginPurchase(debitPurchase()),
          module.finishPurchase('00000000'),
          module.signText('text', 'tdes'),
        ]) {
          expect((await faultOf(answer)) ?? 'fine').toMatch(
            /^(?:fine|security-module-(?:missing|mac-wrong))/,
          );
        }
      }),
      { numRuns: 150 },
    );
  });
});
