import { systemClock } from '#core/clock';
import { FakePinPad } from '#drivers/pin-pad/fake';
import { pinPadContract } from './pin-pad-contract.ts';

pinPadContract('fake', async () => {
  const pad = new FakePinPad(systemClock);
  let tampered = false;
  await pad.start();
  return {
    pad,
    press: (key) => pad.press(key),
    asking: () => pad.asking,
    entered: () => pad.entered,
    shows: (text) => pad.amount === text,
    setPlugged: (plugged) =>
      pad.setTrouble(plugged ? (tampered ? 'pin-pad-tampered' : undefined) : 'pin-pad-missing'),
    setMute: (mute) => pad.setTrouble(mute ? 'pin-pad-missing' : undefined),
    setTampered: (on) => {
      tampered = on;
      pad.setTrouble(on ? 'pin-pad-tampered' : undefined);
    },
    setGarbled: (garbled) => pad.setTrouble(garbled ? 'pin-pad-garbled' : undefined),
    stop: () => pad.stop(),
  };
});
