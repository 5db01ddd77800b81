import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import { type PrivatePcscd, pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';
import { EventLog } from '../helpers/reader-events.ts';
import { atrOfCardOne, putOnWire, TinyCard } from '../helpers/tiny-card.ts';
import { cardReaderContract, type ReaderRig } from './card-reader-contract.ts';

const available = pcscdAvailable();
const slots = ['Virtual PCD 00 00', 'Virtual PCD 00 01'] as const;
const deadlines = { transmitMs: 800, connectMs: 1_200, openMs: 1_500 };
/** Too long for any reader: pcscd cannot power the card up and calls it mute. */
const unusableAtr = `3B${'00'.repeat(39)}`;

async function makeRig(): Promise<ReaderRig & { readonly env: Record<string, string> }> {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-pcscd-'));
  let daemon: PrivatePcscd = await startPrivatePcscd({ folder });
  const { channelPort } = daemon;
  const env = { ...daemon.env };
  const inside = new Map<number, { pull(): void }>();
  let frozen = false;
  let altered = false;
  let used = false;
  const restart = async (readers: 'vpcd' | 'none'): Promise<void> => {
    await daemon.stop();
    daemon = await startPrivatePcscd({ folder, channelPort, readers });
    altered = readers === 'none';
    used = false;
  };
  const pull = (slot: number): void => {
    inside.get(slot)?.pull();
    inside.delete(slot);
  };
  const insert = async (slot: number, card: TinyCard): Promise<void> => {
    used = true;
    inside.set(slot, await putOnWire(card, channelPort + slot));
  };
  const thaw = (): void => {
    if (frozen) process.kill(daemon.pid, 'SIGCONT');
    frozen = false;
  };
  return {
    env,
    slots,
    ...deadlines,
    newPort: () => new PcscCardReader({ env, deadlines }),
    insert,
    insertMute: (slot) => insert(slot, new TinyCard(unusableAtr)),
    pull: async (slot) => pull(slot),
    swap: async (slot, card) => {
      pull(slot);
      await insert(slot, card);
    },
    killService: async () => {
      process.kill(daemon.pid, 'SIGKILL');
      await daemon.ended;
    },
    startService: () => restart('vpcd'),
    freezeService: () => {
      process.kill(daemon.pid, 'SIGSTOP');
      frozen = true;
    },
    thawService: thaw,
    unplugReaders: () => restart('none'),
    plugReaders: () => restart('vpcd'),
    tidy: async () => {
      thaw();
      for (const slot of [...inside.keys()]) pull(slot);
      // The reader needs half a second to notice; a fresh service is quicker to be sure of. After a card that was
      // pulled in the middle of a command pcscd 1.9.9 never sees one that is put in sooner than that.
      if (used || altered) await restart('vpcd');
    },
    stop: async () => {
      thaw();
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

if (available.ok) {
  cardReaderContract('pcsclite on a real pcscd', makeRig);

  describe('card reader: pcsclite and its child process', () => {
    test('a card held by another program is refused as busy and free when that program ends', async () => {
      const rig = await makeRig();
      const [ours, theirs] = [rig.newPort(), rig.newPort()];
      await Promise.all([ours.start(), theirs.start()]);
      const log = new EventLog(ours);
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      await expect.poll(async () => (await theirs.connect(slots[0])).ok, { timeout: 5_000 }).toBe(true);
      const refused = await ours.connect(slots[0]);
      expect(!refused.ok && refused.error.code).toBe('reader-busy');
      await theirs.stop();
      await expect.poll(async () => (await ours.connect(slots[0])).ok, { timeout: 5_000 }).toBe(true);
      await ours.stop();
      await rig.stop();
    });

    test('a child that is killed is replaced and the card is told anew', async () => {
      const rig = await makeRig();
      const port = new PcscCardReader({ env: rig.env, deadlines });
      await port.start();
      const log = new EventLog(port);
      await rig.insert(0, new TinyCard(atrOfCardOne));
      const first = await log.next('card-inserted');
      const { hostPid } = port;
      if (hostPid === undefined) throw new Error('a started port has a child');
      process.kill(hostPid, 'SIGKILL');
      expect((await log.next('card-removed')).fault.code).toBe('reader-fault');
      expect((await log.next('card-inserted')).insertion).toBeGreaterThan(first.insertion);
      expect(port.hostPid).not.toBe(hostPid);
      expect((await port.connect(slots[0])).ok).toBe(true);
      await port.stop();
      await rig.stop();
    });

    test('a busy program that reads the list and the first states in one piece sees the card that lies there', async () => {
      const rig = await makeRig();
      const earlier = rig.newPort();
      await earlier.start();
      const log = new EventLog(earlier);
      await rig.insert(0, new TinyCard(atrOfCardOne));
      await log.next('card-inserted');
      await earlier.stop();
      const port = rig.newPort();
      const cell = new Int32Array(new SharedArrayBuffer(4));
      const busy = setInterval(() => Atomics.wait(cell, 0, 0, 200), 0);
      await port.start();
      clearInterval(busy);
      expect(port.readers().map(({ reader, card }) => [reader, card])).toEqual([
        [slots[0], 'present'],
        [slots[1], 'none'],
      ]);
      await port.stop();
      await rig.stop();
    });

    test('readers that are not named in useReaders are not shown', async () => {
      const rig = await makeRig();
      const port = new PcscCardReader({ env: rig.env, deadlines, useReaders: ['00 01'] });
      await port.start();
      expect(port.readers().map((state) => state.reader)).toEqual([slots[1]]);
      await port.stop();
      await rig.stop();
    });
  });
} else {
  test.skip(`card reader on a real pcscd: missing ${available.missing.join(', ')}`, () => {});
}

test('without a card service the port starts, says so, and keeps trying', async () => {
  const port = new PcscCardReader({ env: { PCSCLITE_CSOCK_NAME: '/nonexistent/pcscd.comm' }, deadlines });
  const log = new EventLog(port);
  await port.start();
  expect((await log.next('service-lost')).fault.code).toBe('reader-service-down');
  expect(port.readers()).toEqual([]);
  const refused = await port.connect('any');
  expect(!refused.ok && refused.error.code).toBe('reader-service-down');
  await port.stop();
});
