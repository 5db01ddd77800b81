import { expect, test } from 'vitest';
import type { DeviceState } from '#core/domain/device';
import { watchPrinter } from '#drivers/printer/device';
import { FakePrinter } from '#drivers/printer/fake';

const slip = Uint8Array.of(0x41, 0x0a);

test('a watched printer is idle until its first answer and then stands as that answer said', async () => {
  const printer = new FakePrinter();
  const watched = watchPrinter(printer);
  const told: string[] = [];
  const end = watched.onChange((state: DeviceState) =>
    told.push(state.kind === 'fault' ? state.fault.code : state.kind),
  );
  expect(watched).toMatchObject({ kind: 'printer', address: 'fake:printer' });
  expect(watched.state()).toEqual({ kind: 'idle' });
  await watched.print(slip);
  await watched.print(slip);
  printer.setPaper('out');
  await watched.print(slip);
  expect(await watched.openDrawer()).toMatchObject({ ok: true });
  expect(watched.state()).toMatchObject({ kind: 'fault', fault: { code: 'printer-paper-out' } });
  printer.setPaper('low');
  await watched.status();
  expect(watched.state()).toEqual({ kind: 'ready', detail: 'paper low' });
  printer.setPlugged(false);
  await watched.beep();
  expect(watched.state()).toMatchObject({ kind: 'ready' });
  await watched.openDrawer();
  expect(told).toEqual(['ready', 'printer-paper-out', 'ready', 'printer-unreachable']);
  end();
  printer.setPlugged(true);
  await watched.status();
  expect(told).toHaveLength(4);
  expect(watched.state()).toMatchObject({ kind: 'ready' });
});
