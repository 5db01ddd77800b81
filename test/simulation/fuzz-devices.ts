import { ManualClock } from '#core/manual-clock';
import { type Money, yuan } from '#core/money';
import { Pin } from '#core/pin';
import type { Result } from '#core/result';
import { classifyScan } from '#core/scan-code';
import { createCardDesk } from '#drivers/card-reader/desk';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { emptyParser, encodeFrame, endPause, parseFrames } from '#drivers/pin-pad/frames';
import { decodeHello, decodeResult, decodeState } from '#drivers/pin-pad/messages';
import { cablePinPad } from '#drivers/pin-pad/serial';
import { decodeHidReport, emptyHidState } from '#drivers/scanner/hid-report';
import { scanText } from '#drivers/scanner/scan-text';
import { emptySplit, endByPause, splitBytes } from '#drivers/scanner/split-bytes';
import { FakeSecurityModule } from '#drivers/security-module/fake';
import { memoryCable } from '#drivers/serial/memory';
import { VirtualPsam } from '#simulators/cards/psam';
import { makeTrainingCard } from '#simulators/cards/training-cards';
import { trainingPsam } from '#simulators/cards/training-psam';
import { VirtualPinPad } from '#simulators/pin-pad/virtual-pad';
import { FuzzCard } from './fuzz-card.ts';
import { choose } from './seeded.ts';

const NOON_MS = Date.UTC(2026, 4, 5, 4);
const READER = 'Fuzz 00 00';
const CARDS = ['A', 'B', 'C', 'employee', 'offline-card', 'bank-only', 'blank'] as const;
const PATTERN = /^28[0-9A-Za-z]{14,100}$/;
const HEX8 = '00000001';

export type FuzzTarget = (random: () => number) => Promise<void>;

/** A failure is a fault with its words; anything else a device brought about is a bug. */
function sound(result: Result<unknown, { readonly zh: string; readonly nextZh: string }>): void {
  if (!result.ok && (result.error.zh === '' || result.error.nextZh === ''))
    throw new Error('a fault without words');
}

function pin(): Pin {
  const made = Pin.fromAscii(Uint8Array.from(Buffer.from('123456')));
  if (!made.ok) throw new Error('six digits are a PIN');
  return made.value;
}

/** Everything that the till ever asks of a card, with a card that answers anything. */
export const fuzzCard: FuzzTarget = async (random) => {
  const clock = new ManualClock(NOON_MS);
  const reader = new FakeCardReader({ readers: [READER], clock });
  await reader.start();
  reader.insert(READER, new FuzzCard(makeTrainingCard(choose(random, CARDS)), random));
  const desk = createCardDesk(reader);
  const module = new FakeSecurityModule(new VirtualPsam(trainingPsam()));
  await module.start();
  const read = await desk.read((request) => module.authenticate(request), {
    today: '2026-05-05',
    authenticate: choose(random, ['required', 'when-available']),
  });
  sound(read);
  sound(await desk.pinState('medical'));
  sound(await desk.readMedical(module));
  sound(await desk.verifyPin(pin(), choose(random, ['environment', 'medical'])));
  sound(await desk.beginPurchase(purchase()));
  sound(await desk.debit({ terminalSequence: HEX8, time: '20260505120000', mac1: HEX8 }));
  sound(await desk.purchaseProof('0001'));
  const challenge = await desk.pinChallenge();
  sound(challenge);
  sound(await desk.verifyPinBlock(new Uint8Array(16)));
  sound(await desk.changePin(pin(), pin()));
  sound(await desk.unblockPin(module));
  if (read.ok) sound(await desk.confirmPresence(read.value.identity.issuer));
  await desk.release();
  await module.stop();
  await reader.stop();
};

function purchase() {
  const account: Money = yuan('1.00');
  return { account, own: yuan('0.00'), pool: yuan('0.00'), terminalNumber: '990100000001' };
}

/** Everything that the till ever asks of the security module. */
export const fuzzModule: FuzzTarget = async (random) => {
  const module = new FakeSecurityModule(new FuzzCard(new VirtualPsam(trainingPsam()), random));
  await module.start();
  const card = {
    region: '990100',
    historicalBytes: '00810000038699990100000003',
    algorithm: choose(random, ['tdes', 'sm4']),
  } as const;
  const eight = '0102030405060708';
  sound(
    await module.authenticate({
      ...card,
      cardId: '0'.repeat(32),
      internalFactor: eight,
      internalRaw: eight,
      externalFactor: eight,
      externalRaw: eight,
    }),
  );
  const key = choose(random, ['RKSSSE', 'RK1DF04', 'RK2DF03', 'PUK', 'STK']);
  const request = { ...card, key, factor: eight, raw: eight };
  sound(await module.externalData(request));
  sound(await module.maintenanceData({ ...request, header: '8424000004', plain: new Uint8Array(0) }));
  sound(
    await module.beginPurchase({
      ...card,
      ...purchase(),
      cardRandom: HEX8,
      cardSequence: '0001',
      keyVersion: '01',
      cardAlgorithm: '00',
      time: '20260505120000',
    }),
  );
  sound(await module.finishPurchase(HEX8));
  sound(await module.signText('a text that the module signs', card.algorithm));
  await module.stop();
};

/** Frames and messages of a pad: random bytes, spoilt frames, in any pieces. */
export const fuzzPadBytes: FuzzTarget = async (random) => {
  let parser = emptyParser;
  const stream = Array.from({ length: 1 + pick(random, 8) }, () => padBytes(random)).flat();
  for (let at = 0; at < stream.length; ) {
    const size = 1 + pick(random, 40);
    const step = parseFrames(parser, Uint8Array.from(stream.slice(at, at + size)));
    parser = step.next;
    if (parser.pending.length > 2_000) throw new Error('the parser keeps what it should drop');
    for (const item of step.items) if (item.kind === 'frame') decodeAll(item.payload);
    at += size;
  }
  endPause(parser);
};

function padBytes(random: () => number): number[] {
  if (random() < 0.4) return randomBytes(random, pick(random, 80));
  const payload = Uint8Array.from(randomBytes(random, pick(random, 60)));
  const frame = encodeFrame({ sequence: pick(random, 256), command: pick(random, 256), payload });
  return [...frame].map((byte) => (random() < 0.02 ? pick(random, 256) : byte));
}

function decodeAll(payload: Uint8Array): void {
  decodeHello(payload);
  decodeResult(payload);
  decodeState(payload);
}

/** A whole PIN entry with a pad whose line is spoilt: it ends, with a PIN or with a fault. */
export const fuzzPadEntry: FuzzTarget = async (random) => {
  const clock = new ManualClock(NOON_MS);
  const transportKey = Uint8Array.from(randomBytes(random, 16));
  const pad = new VirtualPinPad({ transportKey, clock });
  const cable = memoryCable((send) =>
    pad.connect((bytes) => send(random() < 0.15 ? spoiltBytes(random, bytes) : bytes)),
  );
  const driver = cablePinPad({ opener: cable.opener, address: 'fuzz', key: transportKey, clock });
  const started = driver.start();
  let ended = false;
  void started.then(() => {
    ended = true;
  });
  for (let turn = 0; turn < 60 && !ended; turn += 1) await clock.advance(200);
  let entry: Result<unknown, { zh: string; nextZh: string }> | undefined;
  void driver.enterPin({ purpose: 'verify', timeoutMs: 5_000 }).then((result) => {
    entry = result;
  });
  for (let turn = 0; turn < 90 && entry === undefined; turn += 1) {
    if (turn === 3) for (const key of ['1', '2', '3', '4', 'enter'] as const) pad.press(key);
    if (random() < 0.02) cable.setPlugged(random() < 0.5);
    await clock.advance(200);
  }
  if (entry === undefined) throw new Error('a PIN entry that never ends');
  sound(entry);
  const stopped = driver.stop();
  for (let turn = 0; turn < 20; turn += 1) await clock.advance(200);
  await stopped;
};

function spoiltBytes(random: () => number, bytes: Uint8Array): Uint8Array {
  if (random() < 0.2) return Uint8Array.from(randomBytes(random, pick(random, 50)));
  return bytes.map((byte) => (random() < 0.1 ? pick(random, 256) : byte));
}

/** Serial bytes and HID reports of a scanner, and the text that comes of them. */
export const fuzzScanner: FuzzTarget = async (random) => {
  let split = emptySplit;
  for (let chunk = 0; chunk < 1 + pick(random, 12); chunk += 1) {
    const bytes = random() < 0.5 ? scanLike(random) : randomBytes(random, pick(random, 300));
    const step = splitBytes(split, Uint8Array.from(bytes));
    split = step.state;
    for (const scan of step.scans) readScan(scan);
    if (split.bytes.length > 4_096) throw new Error('an endless scan is kept');
  }
  for (const scan of endByPause(split).scans) readScan(scan);
  let state = emptyHidState;
  for (let report = 0; report < 1 + pick(random, 40); report += 1) {
    const bytes = Uint8Array.from(randomBytes(random, pick(random, 70)));
    if (random() < 0.8) bytes.set([2, pick(random, 70)].slice(0, bytes.length));
    const step = decodeHidReport(bytes, state);
    state = step.state;
    readScan(step.scan?.bytes);
    if (state.bytes.length > 4_096) throw new Error('an endless report is kept');
  }
};

function readScan(scan: Uint8Array | undefined): void {
  if (scan === undefined) return;
  const text = scanText(scan);
  if (text.ok && text.value !== undefined) sound(classifyScan(text.value, { certificatePattern: PATTERN }));
}

function scanLike(random: () => number): number[] {
  const signs = '0123456789]dECX(01)\u001dhttps://A';
  const text = Array.from({ length: pick(random, 60) }, () => signs.charAt(pick(random, signs.length)));
  return [...Buffer.from(`${text.join('')}${random() < 0.7 ? '\r\n' : ''}`)];
}

function randomBytes(random: () => number, length: number): number[] {
  return Array.from({ length }, () => pick(random, 256));
}

function pick(random: () => number, below: number): number {
  return Math.floor(random() * below);
}
