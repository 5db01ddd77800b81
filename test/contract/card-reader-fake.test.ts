import { systemClock } from '#core/clock';
import { FakeCardReader } from '#drivers/card-reader/fake';
import { TinyCard } from '../helpers/tiny-card.ts';
import { cardReaderContract, type ReaderRig } from './card-reader-contract.ts';

const slots = ['Fake Reader 00 00', 'Fake Reader 00 01'] as const;

cardReaderContract('fake', async (): Promise<ReaderRig> => {
  let readers: FakeCardReader[] = [];
  const transmitMs = 400;
  const connectMs = 300;
  // One card service, any number of programs: what happens to the slots happens to every port.
  const each = (act: (reader: FakeCardReader) => void): void => readers.forEach(act);
  const inside = new Map<string, TinyCard>();
  return {
    slots,
    transmitMs,
    connectMs,
    newPort() {
      const reader = new FakeCardReader({ readers: slots, clock: systemClock, transmitMs, connectMs });
      for (const [slot, card] of inside) reader.insert(slot, card);
      readers.push(reader);
      return reader;
    },
    async insert(slot, card) {
      inside.set(slots[slot], card);
      each((reader) => reader.insert(slots[slot], card));
    },
    async insertMute(slot) {
      each((reader) => reader.insert(slots[slot], new TinyCard('00'), { mute: true }));
    },
    async pull(slot) {
      inside.delete(slots[slot]);
      each((reader) => reader.pull(slots[slot]));
    },
    async swap(slot, card) {
      inside.set(slots[slot], card);
      each((reader) => reader.swap(slots[slot], card));
    },
    async killService() {
      each((reader) => reader.stopService());
    },
    async startService() {
      each((reader) => reader.startService());
    },
    freezeService: () => each((reader) => reader.freezeService()),
    thawService: () => each((reader) => reader.thawService()),
    async unplugReaders() {
      each((reader) => {
        for (const slot of slots) reader.unplug(slot);
      });
    },
    async plugReaders() {
      each((reader) => {
        for (const slot of slots) reader.plug(slot);
      });
    },
    async tidy() {
      readers = [];
      inside.clear();
    },
    async stop() {},
  };
});
