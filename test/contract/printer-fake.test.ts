import { systemClock } from '#core/clock';
import { FakePrinter } from '#drivers/printer/fake';
import { VirtualPrinterEngine } from '#simulators/printer/engine';
import { printerContract } from './printer-contract.ts';

printerContract('fake', async () => {
  const printer = new FakePrinter();
  return {
    printer,
    setPaper: (paper) => printer.setPaper(paper),
    setCoverOpen: (open) => printer.setCoverOpen(open),
    setOnline: (online) => printer.setOnline(online),
    setPlugged: (plugged) => printer.setPlugged(plugged),
    setMute: (mute) => printer.setMute(mute),
    breakAfterBytes: (count) => printer.breakAfterBytes(count),
    slipTexts: () => {
      const reader = new VirtualPrinterEngine({ clock: systemClock });
      for (const slip of printer.slips()) reader.connect(() => undefined).receive(slip);
      return reader.slips().map((slip) => slip.text);
    },
    drawerPulses: () => printer.drawerPulses,
    beeps: () => printer.beeps,
    stop: () => printer.close(),
  };
});
