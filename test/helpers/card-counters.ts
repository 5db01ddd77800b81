import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import type { CardLike, CardReaderPort } from '#drivers/card-reader/port';
import { connectToVirtualReader } from '#simulators/cards/vpcd-link';
import { type PrivatePcscd, pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';

/** One reader with hands, for whatever card. */
export interface CardCounter {
  readonly port: CardReaderPort;
  readonly slot: string;
  insert(card: CardLike): Promise<void>;
  pull(): Promise<void>;
  stop(): Promise<void>;
}

function fakeCounter(): CardCounter {
  const slot = 'Fake Reader 00 00';
  const port = new FakeCardReader({ readers: [slot] });
  return {
    port,
    slot,
    insert: async (card) => port.insert(slot, card),
    pull: async () => port.pull(slot),
    stop: () => port.stop(),
  };
}

async function realCounter(): Promise<CardCounter> {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-desk-'));
  const daemon: PrivatePcscd = await startPrivatePcscd({ folder });
  const port = new PcscCardReader({ env: daemon.env });
  let pull = async (): Promise<void> => {};
  return {
    port,
    slot: 'Virtual PCD 00 00',
    async insert(card) {
      const place = { host: '127.0.0.1', port: daemon.channelPort, clock: systemClock };
      const link = await connectToVirtualReader(card, place);
      pull = () => link.remove();
    },
    pull: () => pull(),
    async stop() {
      await port.stop();
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The fake always, real pcscd where it is installed. */
export const cardCounters: readonly (readonly [string, () => Promise<CardCounter>])[] = [
  ['the fake reader', async () => fakeCounter()],
  ...(pcscdAvailable().ok ? [['a real pcscd', realCounter] as const] : []),
];
