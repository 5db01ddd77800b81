import { fault } from '#core/fault';
import type { TillStore } from '#store/port';
import { StoreError } from '#store/store-error';
import { type Disk, type DiskImage, tornImage } from './disk.ts';
import { Crashed, type Machine } from './machine.ts';
import type { ReadMemory } from './memory.ts';
import type { SeededRandom } from './random.ts';

/** Methods of the port that write. */
export const WRITES: ReadonlySet<string> = new Set<keyof TillStore>([
  'commit',
  'nextMessageId',
  'nextSaleNumber',
  'nextTerminalSequence',
  'saveBasket',
  'setBlacklist',
  'claimCertificate',
  'setSlip',
  'countCopy',
  'rememberHolder',
  'setSetting',
  'setMappings',
  'noteSplitComparison',
  'countSold',
]);

export interface StoreOnMachine {
  readonly machine: Machine;
  readonly disk: Disk;
  readonly random: SeededRandom;
  readonly memory: ReadMemory;
  /** Told what the disk holds after a torn write. */
  readonly onTorn: (image: DiskImage) => void;
}

/**
 * The real store on a machine that can lose its power before, in or after every write, and whose disk can be
 * full. A dead machine's store answers nothing.
 */
export function storeOnMachine(real: TillStore, parts: StoreOnMachine): TillStore {
  const { machine, memory } = parts;
  return intercept(real, (name, call, args) => {
    machine.check();
    if (!WRITES.has(name)) return memory.read(name, args, call);
    memory.write(name, args);
    return write(name, call, parts);
  });
}

function write(
  name: string,
  call: () => unknown,
  { machine, disk, random, onTorn }: StoreOnMachine,
): unknown {
  const how = machine.next();
  const where = `write ${name}`;
  if (how === 'before') {
    machine.die(where, how);
    throw new Crashed(where);
  }
  if (disk.isFull) throw new StoreError(fault('store-disk-full', name));
  const before = how === 'torn' ? disk.read() : undefined;
  const result = call();
  if (before !== undefined) onTorn(tornImage(before, disk.read(), random));
  if (how === undefined) return result;
  machine.die(where, how);
  throw new Crashed(where);
}

/** The same object with every method called through `around`. */
export function intercept<T extends object>(
  real: T,
  around: (
    name: string,
    call: (...changed: readonly unknown[]) => unknown,
    args: readonly unknown[],
  ) => unknown,
): T {
  const known = new Map<string | symbol, unknown>();
  return new Proxy(real, {
    get(target, name) {
      const seen = known.get(name);
      if (seen !== undefined) return seen;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name === 'symbol') return value;
      const method = (...args: readonly unknown[]): unknown =>
        around(
          name,
          (...changed) => Reflect.apply(value, target, changed.length > 0 ? changed : args) as unknown,
          args,
        );
      known.set(name, method);
      return method;
    },
  });
}
