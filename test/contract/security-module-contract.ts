import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CardKeyName, CardProofRequest } from '#core/domain/card-proof';
import { fromHex } from '#core/hex';
import { yuan } from '#core/money';
import type { CardLike } from '#drivers/card-reader/port';
import { watchModule } from '#drivers/security-module/device';
import type { ModulePurchase, SecurityModulePort } from '#drivers/security-module/port';
import { authenticationData, chain, padded, sessionKey } from '#simulators/cards/card-keys';
import { terminalMacKey } from '#simulators/cards/offline-codes';
import { VirtualPsam } from '#simulators/cards/psam';
import { testRootKey } from '#simulators/cards/test-root-keys';
import { trainingPersons } from '#simulators/cards/training-cards';
import { type TrainingPsamOptions, trainingPsam } from '#simulators/cards/training-psam';

export interface ModuleRig {
  /** Started, its slot empty. */
  readonly module: SecurityModulePort;
  /** Puts a module into the slot, instead of what lies there. */
  insert(card: CardLike): Promise<void>;
  pull(): Promise<void>;
  stop(): Promise<void>;
}

const EVENT_DEADLINE_MS = 8_000;
const noRaw = '0000000000000000';
/** Root keys of the card keys that a shop's module helps with. */
const readingKeys = ['RKSSSE', 'RK1DF01', 'RK1DF02', 'RK1DF03', 'RK2DF03', 'RK1DF04', 'PUK'] as const;

/** Region, historical bytes, algorithm and card id of a training card; B is 3DES, C is SM4. */
export function cardFacts(id: 'B' | 'C'): Pick<CardProofRequest, 'region' | 'historicalBytes' | 'cardId'> & {
  readonly algorithm: 'tdes' | 'sm4';
} {
  const person = trainingPersons.find(({ trainingCardId }) => trainingCardId === id);
  if (person === undefined) throw new Error(`no person with card ${id}`);
  const { region, historicalBytes, cardId } = person;
  return { region, historicalBytes, cardId, algorithm: id === 'B' ? 'tdes' : 'sm4' };
}

export function proofRequest(id: 'B' | 'C'): CardProofRequest {
  return {
    ...cardFacts(id),
    internalFactor: '99AABBCCDDEEFF00',
    internalRaw: '1122334455667788',
    externalFactor: 'A1A2A3A4A5A6A7A8',
    externalRaw: '0102030405060708',
  };
}

/** The purchase of example DEBIT. */
export function debitPurchase(): ModulePurchase {
  return {
    ...cardFacts('B'),
    ...{ cardRandom: 'DEADBEEF', cardSequence: '0005', keyVersion: '01', cardAlgorithm: '00' },
    ...{ account: yuan('12.50'), own: yuan('3.00'), pool: yuan('45.00'), time: '20240315103000' },
  };
}

/** The shop's module with the counter of example DEBIT. */
export function shopModule(options: TrainingPsamOptions = {}): CardLike {
  return new VirtualPsam(trainingPsam({ terminalSequence: 0x29, ...options }));
}

/** Code and detail of a fault; undefined = it went well. */
export async function faultOf(
  answer: Promise<
    { readonly ok: true } | { readonly ok: false; readonly error: { code: string; detail?: string } }
  >,
): Promise<string | undefined> {
  const result = await answer;
  return result.ok ? undefined : `${result.error.code}: ${result.error.detail}`;
}

/** Resolves when the module is in this state, or with the failure of its deadline. */
export async function becomes(module: SecurityModulePort, kind: 'ready' | 'missing'): Promise<void> {
  if (module.state().kind === kind) return;
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`module never ${kind}`)), EVENT_DEADLINE_MS);
    const end = module.onChange((state) => {
      if (state.kind !== kind) return;
      clearTimeout(late);
      end();
      resolve();
    });
  });
}

/** What a security module promises, however it is reached. */
export function securityModuleContract(name: string, makeRig: () => Promise<ModuleRig>): void {
  describe(`security module: ${name}`, () => {
    let rig: ModuleRig;
    let module: SecurityModulePort;

    beforeAll(async () => {
      rig = await makeRig();
      module = rig.module;
      await rig.insert(shopModule());
      await becomes(module, 'ready');
    }, 30_000);
    afterAll(() => rig.stop());

    const put = async (card: CardLike): Promise<void> => {
      await rig.pull();
      await becomes(module, 'missing');
      await rig.insert(card);
      await becomes(module, 'ready');
    };

    it('tells serial and terminal number, and stands so in the list of devices', () => {
      const identity = { serial: '99010000202001010001', terminalNumber: '990100000001' };
      expect(module.state()).toEqual({ kind: 'ready', identity });
      const device = watchModule(module, 'slot 2');
      expect(device).toMatchObject({ kind: 'security-module', address: 'slot 2' });
      expect(device.state()).toEqual({ kind: 'ready', detail: '990100000001' });
    });

    it('proves an SM4 card as example data show, and a 3DES card', async () => {
      expect(await module.authenticate(proofRequest('C'))).toEqual({
        ok: true,
        value: { internalData: 'BFD28641074F2AE2', externalData: 'A19589AFC6052970' },
      });
      const proof = await module.authenticate(proofRequest('B'));
      expect(proof.ok && proof.value.internalData).toBe('B883F3A335737A1F');
    });

    it('makes what each key of a card expects', async () => {
      for (const id of ['B', 'C'] as const) {
        const facts = cardFacts(id);
        const [factor, raw] = ['BB01BB02BB03BB04', 'AA01AA02AA03AA04'];
        for (const key of readingKeys satisfies readonly CardKeyName[]) {
          const root = testRootKey(key, facts.algorithm);
          expect(await module.externalData({ ...facts, key, factor, raw }), `${id} ${key}`).toEqual({
            ok: true,
            value: authenticationData(facts.algorithm, root, facts, factor, raw),
          });
        }
      }
    });

    it('PIN-RESET-3DES and PIN-RESET-SM4: authentication data of PUK', async () => {
      const order = { key: 'PUK', factor: 'BB01BB02BB03BB04', raw: 'AA01AA02AA03AA04' } as const;
      expect(await module.externalData({ ...cardFacts('B'), ...order })).toMatchObject({
        value: '750D11F72DD62D57',
      });
      expect(await module.externalData({ ...cardFacts('C'), ...order })).toMatchObject({
        value: '4168D3DCD9F7F80F',
      });
    });

    it('PIN-UNBLOCK-3DES: MAC only', async () => {
      const order = { key: 'STK', factor: 'DD01DD02DD03DD04', raw: noRaw, header: '8424000004' } as const;
      const answer = await module.maintenanceData({ ...cardFacts('B'), ...order, plain: new Uint8Array(0) });
      expect(answer).toEqual({ ok: true, value: 'D18E3D65' });
    });

    it('PIN-RESET-3DES and PIN-RESET-SM4: cipher part and MAC, with the fill given or not', async () => {
      const order = { key: 'STK', factor: 'CC01CC02CC03CC04', raw: noRaw } as const;
      for (const plain of ['03123456', '0312345680000000']) {
        const answer = await module.maintenanceData({
          ...{ ...cardFacts('B'), ...order, header: '842400010C', plain: fromHex(plain) },
        });
        expect(answer, plain).toEqual({ ok: true, value: '7AEB50D6AE3FEADA7A5C8016' });
      }
      for (const plain of ['03123456', '03123456800000000000000000000000']) {
        const answer = await module.maintenanceData({
          ...{ ...cardFacts('C'), ...order, header: '8424000114', plain: fromHex(plain) },
        });
        expect(answer, plain).toEqual({ ok: true, value: '874D44F33852F2348D67B9120BD112978E5F24DC' });
      }
    });

    it('DEBIT: signs a purchase, counts it, and knows the MAC2 of the card from any other', async () => {
      expect(await module.beginPurchase(debitPurchase())).toEqual({
        ok: true,
        value: { terminalSequence: '0000002A', mac1: 'C66228E4', type: '32' },
      });
      expect(await module.finishPurchase('5E5E41E8')).toEqual({ ok: true, value: undefined });
      const second = await module.beginPurchase(debitPurchase());
      expect(second.ok && second.value.terminalSequence).toBe('0000002B');
      expect(await faultOf(module.finishPurchase('5E5E41E8'))).toMatch(/^security-module-mac-wrong/);
      expect(await faultOf(module.finishPurchase('5E5E41E8'))).toBe(
        'security-module-missing: no purchase is begun',
      );
    });

    it('signs a text with its own key and another factor each time', async () => {
      const text = `2026-000001|990100|12.50|${'药'.repeat(40)}`;
      for (const algorithm of ['tdes', 'sm4'] as const) {
        const [first, second] = [
          await module.signText(text, algorithm),
          await module.signText(text, algorithm),
        ];
        if (!first.ok || !second.ok) throw new Error('not signed');
        expect(first.value.factor).toMatch(/^[0-9A-F]{16}$/);
        expect(second.value.factor).not.toBe(first.value.factor);
        for (const { mac, factor } of [first.value, second.value]) {
          const session = sessionKey(algorithm, terminalMacKey(algorithm, '990100000001'), fromHex(factor));
          const size = algorithm === 'sm4' ? 16 : 8;
          const message = padded(Uint8Array.from(Buffer.from(text)), size);
          const last = chain(algorithm, session, new Uint8Array(size), message);
          expect(mac).toBe(Buffer.from(last.slice(0, 4)).toString('hex').toUpperCase());
        }
      }
    });

    it('answers calls made at the same time one after the other', async () => {
      const order = { key: 'STK', factor: 'DD01DD02DD03DD04', raw: noRaw, header: '8424000004' } as const;
      const [proof, mac, signed] = await Promise.all([
        module.authenticate(proofRequest('C')),
        module.maintenanceData({ ...cardFacts('B'), ...order, plain: new Uint8Array(0) }),
        module.signText('x', 'sm4'),
      ]);
      expect(proof.ok && proof.value.internalData).toBe('BFD28641074F2AE2');
      expect(mac).toMatchObject({ value: 'D18E3D65' });
      expect(signed.ok).toBe(true);
    });

    it('pulled it is missing, and a purchase begun before is not finished by the next module', async () => {
      expect((await module.beginPurchase(debitPurchase())).ok).toBe(true);
      await put(shopModule());
      expect(await faultOf(module.finishPurchase('5E5E41E8'))).toBe(
        'security-module-missing: no purchase is begun',
      );
      await rig.pull();
      await becomes(module, 'missing');
      for (const answer of [module.authenticate(proofRequest('C')), module.signText('x', 'sm4')]) {
        expect(await faultOf(answer)).toMatch(/^security-module-missing: (?!no key|no environment)/);
      }
      await rig.insert(shopModule());
      await becomes(module, 'ready');
      expect((await module.authenticate(proofRequest('C'))).ok).toBe(true);
    });

    it('lacking keys it names them, stays there, and goes on with those it has', async () => {
      await put(shopModule({ without: ['RKSSSE', 'STK', 'DPK', 'TMK', 'RK1DF04'] }));
      const facts = cardFacts('C');
      const order = { factor: 'DD01DD02DD03DD04', raw: noRaw };
      const lacking = {
        RKSSSE: module.authenticate(proofRequest('C')),
        RK1DF04: module.externalData({ ...facts, ...order, key: 'RK1DF04' }),
        STK: module.maintenanceData({
          ...facts,
          ...order,
          key: 'STK',
          header: '8424000004',
          plain: new Uint8Array(0),
        }),
        DPK: module.beginPurchase(debitPurchase()),
        'terminal MAC': module.signText('x', 'sm4'),
      };
      for (const [key, answer] of Object.entries(lacking)) {
        expect(await faultOf(answer)).toContain(`security-module-missing: no key ${key} (`);
      }
      expect(module.state().kind).toBe('ready');
      expect((await module.externalData({ ...facts, ...order, key: 'PUK' })).ok).toBe(true);
    });

    it('without an environment for the algorithm it says so', async () => {
      await put(shopModule({ algorithms: ['tdes'], purchaseLevels: 1 }));
      expect(await faultOf(module.authenticate(proofRequest('C')))).toMatch(
        /^security-module-missing: no environment sm4 \(6A8/,
      );
      expect(await faultOf(module.authenticate({ ...proofRequest('C'), algorithm: 'ssf33' }))).toBe(
        'card-algorithm-unsupported: SSF33',
      );
      // One level is left to this module: the longer form was refused first.
      expect(await module.beginPurchase(debitPurchase())).toMatchObject({ value: { mac1: 'C66228E4' } });
    });
  });
}
