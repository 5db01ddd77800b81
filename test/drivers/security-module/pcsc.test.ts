import { describe, expect, it } from 'vitest';
import type { CardProofRequest } from '#core/domain/card-proof';
import { fromHex, toHex } from '#core/hex';
import { FakeCardReader } from '#drivers/card-reader/fake';
import type { CardLike } from '#drivers/card-reader/port';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import type { SecurityModulePort } from '#drivers/security-module/port';
import { authenticationData } from '#simulators/cards/card-keys';
import { FixedAnswerCard } from '#simulators/cards/other-cards';
import { VirtualPsam } from '#simulators/cards/psam';
import { testRootKeys } from '#simulators/cards/test-root-keys';
import { makeTrainingCard, trainingPersons } from '#simulators/cards/training-cards';
import { type TrainingPsamOptions, trainingPsam } from '#simulators/cards/training-psam';

function requestFor(trainingCardId: string): CardProofRequest {
  const person = trainingPersons.find((one) => one.trainingCardId === trainingCardId);
  if (person === undefined) throw new Error(`no person with card ${trainingCardId}`);
  const { region, historicalBytes, algorithm, cardId } = person;
  return {
    region,
    historicalBytes,
    algorithm,
    cardId,
    internalFactor: '99AABBCCDDEEFF00',
    internalRaw: '1122334455667788',
    externalFactor: 'A1A2A3A4A5A6A7A8',
    externalRaw: '0102030405060708',
  };
}

function psam(options: TrainingPsamOptions = {}): CardLike {
  return new VirtualPsam(trainingPsam(options));
}

const SLOT = 'Test PCD 00 01';
const COUNTER_SLOT = 'Test PCD 00 00';

async function moduleWith(card?: CardLike): Promise<{ module: SecurityModulePort; readers: FakeCardReader }> {
  const readers = new FakeCardReader({ readers: [COUNTER_SLOT, SLOT], transmitMs: 5 });
  if (card !== undefined) readers.insert(SLOT, card, { mute: card.atr.length === 0 });
  await readers.start();
  const module = pcscSecurityModule({ readers, isModuleSlot: (reader) => reader === SLOT });
  await module.start();
  return { module, readers };
}

/** Resolves with the next state of this kind. */
function nextState(module: SecurityModulePort, kind: 'ready' | 'missing'): Promise<void> {
  return new Promise((resolve) => {
    const end = module.onChange((state) => {
      if (state.kind !== kind) return;
      end();
      resolve();
    });
  });
}

async function faultOf(module: SecurityModulePort, card = 'C') {
  const answer = await module.authenticate(requestFor(card));
  return answer.ok ? undefined : { code: answer.error.code, detail: answer.error.detail };
}

describe('a security module in its slot', () => {
  it('tells serial and terminal number', async () => {
    const { module } = await moduleWith(psam());
    expect(module.state()).toEqual({
      kind: 'ready',
      identity: { serial: '99010000202001010001', terminalNumber: '990100000001' },
    });
  });

  it('computes for an SM4 card what the examples show', async () => {
    const { module } = await moduleWith(psam());
    expect(await module.authenticate(requestFor('C'))).toEqual({
      ok: true,
      value: { internalData: 'BFD28641074F2AE2', externalData: 'A19589AFC6052970' },
    });
  });

  it('computes for a 3DES card what the card itself answers', async () => {
    const { module } = await moduleWith(psam());
    const request = requestFor('B');
    const answer = await module.authenticate(request);
    expect(answer.ok && answer.value.internalData).toBe('B883F3A335737A1F');
    expect(answer.ok && answer.value.externalData).toBe(
      authenticationData('tdes', testRootKeys.RKSSSE, request, request.externalFactor, request.externalRaw),
    );
  });

  it('opens card C and finds the forged card out', async () => {
    const { module } = await moduleWith(psam());
    for (const [id, genuine] of [
      ['C', true],
      ['employee', true],
      ['forged', false],
    ] as const) {
      const request = requestFor(id === 'forged' ? 'employee' : id);
      const card = makeTrainingCard(id, { transport: 'one-step', challenges: [request.externalFactor] });
      card.powerOn();
      const send = (command: string): string => toHex(card.transmit(fromHex(command)) ?? new Uint8Array(0));
      const answer = await module.authenticate(request);
      if (!answer.ok) throw new Error(answer.error.code);
      const own = send(`0088000010${request.internalFactor}${request.internalRaw}`);
      expect(own === `${answer.value.internalData}9000`, id).toBe(genuine);
      send('0084000008');
      const opened = send(`0082000A10${answer.value.externalData}${request.externalRaw}`);
      expect(opened, id).toBe(genuine ? '9000' : '63C2');
    }
  });

  it('answers calls made at the same time one after the other', async () => {
    const { module } = await moduleWith(psam());
    const answers = await Promise.all(['C', 'B', 'C', 'B'].map((id) => module.authenticate(requestFor(id))));
    const data = answers.map((answer) => (answer.ok ? answer.value.internalData : answer.error.code));
    expect(data).toEqual(['BFD28641074F2AE2', 'B883F3A335737A1F', 'BFD28641074F2AE2', 'B883F3A335737A1F']);
  });
});

describe('a module that is not there is missing, never a crash', () => {
  it('with an empty slot', async () => {
    const { module } = await moduleWith();
    expect(module.state()).toMatchObject({ kind: 'missing', fault: { code: 'security-module-missing' } });
    expect(await faultOf(module)).toEqual({ code: 'security-module-missing', detail: 'slot empty' });
  });

  it('without the reading key (6A88)', async () => {
    const { module } = await moduleWith(psam({ without: ['RKSSSE'] }));
    expect(module.state().kind).toBe('ready');
    expect(await faultOf(module)).toEqual({
      code: 'security-module-missing',
      detail: 'no key RKSSSE (BFDE670A answered 6A88)',
    });
  });

  it('without the environment of the algorithm', async () => {
    const { module } = await moduleWith(psam({ algorithms: ['tdes'] }));
    expect((await faultOf(module, 'C'))?.code).toBe('security-module-missing');
    expect(await faultOf(module, 'B')).toBeUndefined();
  });

  it('with another card, a mute one or a memory card in the slot', async () => {
    for (const id of ['bank-only', 'A', 'mute', 'not-a-card'] as const) {
      const { module } = await moduleWith(makeTrainingCard(id));
      expect(module.state().kind, id).toBe('missing');
      expect((await faultOf(module))?.code, id).toBe('security-module-missing');
    }
  });

  it('and SSF33 is refused as an algorithm nobody here knows', async () => {
    const { module } = await moduleWith(psam());
    const answer = await module.authenticate({ ...requestFor('C'), algorithm: 'ssf33' });
    expect(answer.ok ? undefined : answer.error.code).toBe('card-algorithm-unsupported');
  });
});

describe('a module that comes and goes is taken up by itself', () => {
  it('after it was pulled and put back', async () => {
    const { module, readers } = await moduleWith(psam());
    readers.pull(SLOT);
    expect(module.state()).toMatchObject({ kind: 'missing', fault: { detail: 'card-removed' } });
    const back = nextState(module, 'ready');
    readers.insert(SLOT, psam());
    await back;
    expect(await faultOf(module)).toBeUndefined();
  });

  it('after a swap so quick that it is told as one change', async () => {
    const { module, readers } = await moduleWith(psam());
    const back = nextState(module, 'ready');
    readers.swap(SLOT, psam({ terminalNumber: '990100000002' }));
    await back;
    expect(module.state()).toMatchObject({ identity: { terminalNumber: '990100000002' } });
  });

  it('after its slot was unplugged and plugged in again', async () => {
    const { module, readers } = await moduleWith(psam());
    readers.unplug(SLOT);
    expect(module.state()).toMatchObject({ kind: 'missing', fault: { detail: 'reader-lost' } });
    const back = nextState(module, 'ready');
    readers.plug(SLOT);
    readers.insert(SLOT, psam());
    await back;
  });

  it('after the card service stopped and started again', async () => {
    const { module, readers } = await moduleWith(psam());
    readers.stopService();
    expect(module.state().kind).toBe('missing');
    expect((await faultOf(module))?.code).toBe('security-module-missing');
    const back = nextState(module, 'ready');
    readers.startService();
    await back;
  });

  it('and when it hangs itself, it is missing until it is put in again', async () => {
    const { module, readers } = await moduleWith(psam());
    readers.swap(SLOT, new FixedAnswerCard('3B00', undefined));
    expect((await faultOf(module))?.code).toBe('security-module-missing');
    expect(module.state().kind).toBe('missing');
    const back = nextState(module, 'ready');
    readers.pull(SLOT);
    readers.insert(SLOT, psam());
    await back;
  });

  it('and not after stop', async () => {
    const { module, readers } = await moduleWith(psam());
    await module.stop();
    readers.swap(SLOT, psam());
    expect(await faultOf(module)).toEqual({ code: 'security-module-missing', detail: 'not started' });
  });
});
