import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '#core/assert';
import type { CardProof } from '#core/domain/card-proof';
import { fromHex } from '#core/hex';
import { ok } from '#core/result';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardAuthenticator, CardConnection } from '#drivers/card-reader/port';
import { drawValues, readCard } from '#drivers/card-reader/session';
import { authenticationData } from '#simulators/cards/card-keys';
import { testRootKeys } from '#simulators/cards/test-root-keys';
import { makeTrainingCard, type TrainingCardId } from '#simulators/cards/training-cards';
import { type PrivatePcscd, pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';
import { drawnByTill, readingPlan } from './card-plan.ts';
import type { BenchContext, BenchOutput } from './measure.ts';
import { Helper, packageRoot, run } from './processes.ts';
import { median } from './statistics.ts';

const ROUNDS = 9;
const READS = 8;
const WARM_READS = 60;
const FAKE_READS = 200;
const SLOW_ROUNDS = 5;
const SLOW_READS = 1;
const SLOW_ANSWER_MS = 10;
/** Drawn once, so that the C program can send the same bytes. */
const values = drawValues(() => fromHex(drawnByTill));
const options = { today: '2026-03-02', authenticate: 'required' } as const;

interface Rig {
  readonly pcscd: PrivatePcscd;
  readonly readers: PcscCardReader;
  readonly peer: string;
  readonly planFile: string;
}

interface Read {
  readonly commands: number;
  readonly ms: number;
}

interface Round {
  readonly ours: readonly Read[];
  readonly theirs: readonly Read[];
}

/**
 * A whole reading of EF05 and EF06 with authentication, through a real pcscd, beside the same commands from
 * a C program on libpcsclite. Connecting is left out on both sides, and so is the agency.
 */
export async function* measures(context: BenchContext): AsyncIterable<BenchOutput> {
  const available = pcscdAvailable();
  if (!available.ok) throw new Error(`missing: ${available.missing.join(', ')}`);
  const peer = await buildPeer(context.folder);
  const pcscd = await startPrivatePcscd({ folder: join(context.folder, 'pcscd') });
  const readers = new PcscCardReader({ env: { ...pcscd.env } });
  try {
    await readers.start();
    for (const id of ['C', 'A'] as const) {
      const planFile = join(context.folder, `plan-${id}`);
      yield* measureCard(id, { pcscd, readers, peer, planFile });
    }
  } finally {
    await readers.stop();
    await pcscd.stop();
  }
}

/** The same reading of the same card behind the fake reader: what our own code costs without a service. */
async function fakeReadMs(id: TrainingCardId): Promise<number> {
  const readers = new FakeCardReader({ readers: ['Fake 00 00'] });
  await readers.start();
  readers.insert(
    'Fake 00 00',
    makeTrainingCard(id, { random: (length) => new Uint8Array(length).fill(0x5a) }),
  );
  const connection = await readers.connect('Fake 00 00');
  assert(connection.ok, 'the fake reader connects');
  const authenticator = proofOf([]);
  const times: number[] = [];
  for (let turn = 0; turn < FAKE_READS; turn += 1) {
    const startMs = performance.now();
    const read = await readCard(connection.value, authenticator, options, values);
    times.push(performance.now() - startMs);
    assert(read.ok && read.value.read.identity.holder !== undefined, 'the card is read');
  }
  await readers.stop();
  return median(times.slice(times.length / 2));
}

async function* measureCard(id: TrainingCardId, rig: Rig): AsyncIterable<BenchOutput> {
  const slot = new Helper('card-slot', [id, String(rig.pcscd.channelPort)]);
  try {
    await slot.ready();
    await prepare(rig, slot);
    const quick = await rounds(rig, slot, ROUNDS, READS);
    const [ours, theirs] = [lastOf(quick, 'ours'), lastOf(quick, 'theirs')];
    yield {
      name: `card-${id}-apdus`,
      value: ours.commands,
      unit: 'apdus',
      budget: { most: theirs.commands },
    };
    const more = quick.map(
      (round) => (middle(round.ours) - middle(round.theirs)) / Math.max(1, ours.commands),
    );
    yield { name: `card-${id}-more-per-apdu`, value: median(more), unit: 'ms', budget: { most: 0.1 } };
    yield { name: `card-${id}-read`, value: median(quick.map((round) => middle(round.ours))), unit: 'ms' };
    yield {
      name: `card-${id}-read-in-c`,
      value: median(quick.map((round) => middle(round.theirs))),
      unit: 'ms',
    };
    yield { name: `card-${id}-read-in-fake`, value: await fakeReadMs(id), unit: 'ms' };
    await slot.ask({ answerMs: SLOW_ANSWER_MS });
    const slow = await rounds(rig, slot, SLOW_ROUNDS, SLOW_READS);
    const ratios = slow.map((round) => middle(round.ours) / middle(round.theirs));
    yield { name: `card-${id}-answers-in-10ms`, value: median(ratios), unit: 'x', budget: { most: 1.2 } };
  } finally {
    await slot.end();
    await cardState(rig.readers, 'none');
  }
}

/** One reading to learn the proof that the C program, which has no keys, is to send; it also warms both up. */
async function prepare(rig: Rig, slot: Helper): Promise<void> {
  const proofs: CardProof[] = [];
  const connection = await connect(rig.readers);
  const read = await readCard(connection, proofOf(proofs), options, values);
  await connection.close();
  assert(read.ok, 'the card is read');
  const { identity } = read.value.read;
  assert(identity.holder !== undefined, 'EF06 is read');
  const external = identity.issuer.generation === 3 ? proofs[0]?.externalData : undefined;
  writeFileSync(rig.planFile, `${readingPlan(external).join('\n')}\n`);
  // A counter reads hundreds of cards a day: the code is warm there, so it is here.
  await rounds(rig, slot, 1, WARM_READS);
}

async function rounds(rig: Rig, slot: Helper, count: number, reads: number): Promise<readonly Round[]> {
  const found: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    // Turn about, so that neither always finds the warmer machine.
    if (round % 2 === 0) {
      const ours = await readByUs(rig, slot, reads);
      found.push({ ours, theirs: await readByPeer(rig, reads) });
    } else {
      const theirs = await readByPeer(rig, reads);
      found.push({ ours: await readByUs(rig, slot, reads), theirs });
    }
  }
  return found;
}

async function readByUs({ readers }: Rig, slot: Helper, count: number): Promise<readonly Read[]> {
  const connection = await connect(readers);
  const authenticator = proofOf([]);
  const times: number[] = [];
  const before = await slot.ask<{ commands: number }>({});
  // One after the other without a pause, as the C program does it: both sides then find the machine as warm.
  for (let turn = 0; turn < count; turn += 1) {
    const startMs = performance.now();
    const read = await readCard(connection, authenticator, options, values);
    times.push(performance.now() - startMs);
    assert(read.ok && read.value.read.identity.holder !== undefined, 'the card is read');
    assert(read.value.questionAnswer !== undefined, 'the secret question is answered');
  }
  const after = await slot.ask<{ commands: number }>({});
  const commands = (after.commands - before.commands) / count;
  await connection.close();
  return times.map((ms) => ({ commands, ms }));
}

async function readByPeer(rig: Rig, count: number): Promise<readonly Read[]> {
  const [reader] = rig.readers.readers();
  assert(reader !== undefined, 'the virtual reader is there');
  const text = await run(rig.peer, [reader.reader, rig.planFile, String(count)], { ...rig.pcscd.env });
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [commands, ms] = line.split(' ').map(Number);
      assert(commands !== undefined && ms !== undefined, 'the C program tells commands and time');
      return { commands, ms };
    });
}

/** What the agency's encryption machine answers; the same question is computed once only. */
function proofOf(asked: CardProof[]): CardAuthenticator {
  let known: CardProof | undefined;
  return async (request) => {
    if (known === undefined) {
      assert(request.algorithm !== 'ssf33', 'training cards use public algorithms');
      const { internalFactor, internalRaw, externalFactor, externalRaw } = request;
      const answer = (key: string, factor: string, raw: string) =>
        authenticationData(request.algorithm === 'sm4' ? 'sm4' : 'tdes', key, request, factor, raw);
      known = {
        internalData: answer(testRootKeys.IRK, internalFactor, internalRaw),
        externalData: answer(testRootKeys.RKSSSE, externalFactor, externalRaw),
      };
    }
    asked.push(known);
    return ok(known);
  };
}

async function connect(readers: PcscCardReader): Promise<CardConnection> {
  const reader = await cardState(readers, 'present');
  const connection = await readers.connect(reader);
  if (!connection.ok) throw new Error(`no connection to the card: ${connection.error.code}`);
  return connection.value;
}

/** Waits until the first slot is in that state; answers its name. */
function cardState(readers: PcscCardReader, wanted: 'present' | 'none'): Promise<string> {
  return new Promise((resolve) => {
    const end = readers.onEvent(() => look());
    const look = (): void => {
      const [state] = readers.readers();
      if (state?.card !== wanted) return;
      end();
      resolve(state.reader);
    };
    look();
  });
}

async function buildPeer(folder: string): Promise<string> {
  const program = join(folder, 'card-peer');
  const source = join(packageRoot(), 'bench', 'card-peer.c');
  const flags = ['-O2', '-Wall', '-Wextra', '-I/usr/include/PCSC', '-o', program, source, '-lpcsclite'];
  await run('cc', flags);
  return program;
}

function middle(reads: readonly Read[]): number {
  return median(reads.map(({ ms }) => ms));
}

function lastOf(all: readonly Round[], side: keyof Round): Read {
  const read = all.at(-1)?.[side].at(-1);
  assert(read !== undefined, 'a round has a reading');
  return read;
}
