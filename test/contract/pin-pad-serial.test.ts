import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#core/clock';
import { cablePinPad, serialPinPad } from '#drivers/pin-pad/serial';
import { memoryCable } from '#drivers/serial/memory';
import { startPinPadOnPty } from '#simulators/pin-pad/pty';
import { VirtualPinPad } from '#simulators/pin-pad/virtual-pad';
import { pinPadContract } from './pin-pad-contract.ts';

/** An invented transport key. */
const key = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 + index);
/** Short, so that a silent pad is noticed soon. */
const timings = { retryMs: 50, probeEveryMs: 300, answerMs: 800, graceMs: 1_000 };
const transportKey = Uint8Array.from(key);
const clock = systemClock;

const controls = (virtual: VirtualPinPad) => ({
  press: virtual.press.bind(virtual),
  asking: () => virtual.asking,
  entered: () => virtual.entered,
  shows: (text: string) => virtual.screen.some((line) => line.includes(text)),
  setMute: (mute: boolean) => virtual.setMute(mute),
  setTampered: (tampered: boolean) => (tampered ? virtual.tamper() : virtual.service()),
  setGarbled: (garbled: boolean) => virtual.garble(garbled ? Number.POSITIVE_INFINITY : 0),
});

pinPadContract('serial, through a pseudo-terminal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guitai-pad-'));
  const far = await startPinPadOnPty(folder, { transportKey, clock });
  const pad = serialPinPad({
    address: { path: far.path, baudRate: 115_200, flow: 'none' },
    key,
    clock,
    ...timings,
  });
  await pad.start();
  return {
    pad,
    ...controls(far.pad),
    setPlugged: (plugged) => (plugged ? far.plug() : far.unplug()),
    stop: async () => {
      await pad.stop();
      await far.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

pinPadContract('cable in this process', async () => {
  const virtual = new VirtualPinPad({ transportKey, clock });
  const cable = memoryCable((send) => virtual.connect(send));
  const pad = cablePinPad({ opener: cable.opener, address: 'virtual:pin-pad', key, clock, ...timings });
  await pad.start();
  return {
    pad,
    ...controls(virtual),
    setPlugged: (plugged) => cable.setPlugged(plugged),
    stop: () => pad.stop(),
  };
});
