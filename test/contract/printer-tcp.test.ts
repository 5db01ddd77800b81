import { systemClock } from '#core/clock';
import { tcpPrinter } from '#drivers/printer/tcp';
import { startVirtualPrinter } from '#simulators/printer/server';
import { printerContract } from './printer-contract.ts';

/** Short deadlines: only the mute printer reaches one. */
const timings = { connectMs: 2_000, answerMs: 500, transferMs: 5_000, confirmMs: 500 };

printerContract('TCP, virtual printer', async () => {
  const virtual = await startVirtualPrinter({ port: 0, clock: systemClock });
  const printer = tcpPrinter({ host: '127.0.0.1', port: virtual.port, clock: systemClock, timings });
  return {
    printer,
    setPaper: (paper) => virtual.engine.setPaper(paper),
    setCoverOpen: (open) => virtual.setCoverOpen(open),
    setOnline: (online) => virtual.engine.setOnline(online),
    setPlugged: (plugged) => virtual.setUnplugged(!plugged),
    setMute: (mute) => virtual.setMute(mute),
    breakAfterBytes: (count) => virtual.breakAfterBytes(count),
    slipTexts: () => virtual.slips().map((slip) => slip.text),
    drawerPulses: () => virtual.drawerPulses().length,
    beeps: () => virtual.engine.beeps,
    stop: async () => {
      await printer.close();
      await virtual.stop();
    },
  };
});
