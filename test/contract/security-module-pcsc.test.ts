import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'vitest';
import { systemClock } from '#core/clock';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import { pcscSecurityModule } from '#drivers/security-module/pcsc';
import { virtualReaderSlot } from '#simulators/card-slots';
import { pcscdAvailable, startPrivatePcscd } from '#simulators/pcscd';
import { securityModuleContract } from './security-module-contract.ts';

const available = pcscdAvailable();
/** Second slot of the virtual reader. */
const SLOT = '00 01';

if (available.ok) {
  securityModuleContract('PSAM in the second slot of a real pcscd', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guitai-psam-'));
    const daemon = await startPrivatePcscd({ folder });
    const readers = new PcscCardReader({ env: { ...daemon.env } });
    await readers.start();
    const module = pcscSecurityModule({ readers, isModuleSlot: (reader) => reader.includes(SLOT) });
    await module.start();
    const slot = virtualReaderSlot(readers, SLOT, daemon.channelPort + 1, systemClock);
    return {
      module,
      insert: (card) => slot.insert(card),
      pull: () => slot.remove(),
      stop: async () => {
        await slot.remove();
        await module.stop();
        await readers.stop();
        await daemon.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  });
} else {
  test.skip(`security module on a real pcscd: missing ${available.missing.join(', ')}`, () => undefined);
}

securityModuleContract('PSAM in the second slot of the in-process reader', async () => {
  const slots = ['Test PCD 00 00', 'Test PCD 00 01'] as const;
  const readers = new FakeCardReader({ readers: slots });
  await readers.start();
  const module = pcscSecurityModule({ readers, isModuleSlot: (reader) => reader === slots[1] });
  await module.start();
  return {
    module,
    insert: async (card) => readers.insert(slots[1], card),
    pull: async () => readers.pull(slots[1]),
    stop: async () => {
      await module.stop();
      await readers.stop();
    },
  };
});
