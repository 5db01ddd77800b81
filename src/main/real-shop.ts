import { systemClock } from '#core/clock';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import { PcscCardReader } from '#drivers/card-reader/pcsc';
import { configuredDevices } from './devices.ts';
import { assemble, openConfiguredPrinter, type RunningShop, type ShopSettings } from './shop.ts';

/** The real shop: PC/SC readers, the agency of the configuration, a real printer; no simulator anywhere. */
export async function startShop(settings: ShopSettings): Promise<Result<RunningShop, Fault>> {
  const { config } = settings;
  const printer = openConfiguredPrinter(config);
  if (!printer.ok) return printer;
  const counter = configuredDevices(config, systemClock);
  if (!counter.ok) return counter;
  const { name, security_module: module } = config.reader;
  const moduleReader = module === '' ? undefined : module;
  const readers = new PcscCardReader({
    clock: systemClock,
    ...(name === 'auto' ? {} : { useReaders: [name, ...(moduleReader === undefined ? [] : [moduleReader])] }),
  });
  const cardReaders = name === 'auto' ? undefined : [name];
  return assemble(settings, {
    readers,
    cardReaders,
    moduleReader,
    printer: printer.value,
    counter: counter.value,
  });
}
