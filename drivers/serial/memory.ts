import { err, ok } from '#core/result';
import type { ByteOpener } from './byte-port.ts';

/** The far end of a stream inside this process: a simulated device. */
export interface FarEnd {
  receive(bytes: Uint8Array): void;
  end(): void;
}

export interface MemoryCable {
  readonly opener: ByteOpener;
  setPlugged(plugged: boolean): void;
}

/**
 * A cable inside this process between a driver and a simulated device, which can be pulled: for the training
 * shop where no pseudo-terminals exist, and for tests. `connect` is called whenever the driver opens it.
 */
export function memoryCable(connect: (send: (bytes: Uint8Array) => void) => FarEnd): MemoryCable {
  let plugged = true;
  let pluggings = 1;
  let pull: () => void = () => undefined;
  return {
    opener: {
      identity: () => Promise.resolve(plugged ? String(pluggings) : undefined),
      open: () => {
        if (!plugged) return Promise.resolve(err('not plugged in'));
        let listener: ((bytes: Uint8Array) => void) | undefined;
        let closed: (() => void) | undefined;
        let open = true;
        const far = connect((bytes) => {
          const copy = Uint8Array.from(bytes);
          queueMicrotask(() => {
            if (open) listener?.(copy);
          });
        });
        const end = () => {
          if (!open) return;
          open = false;
          far.end();
        };
        pull = () => {
          if (!open) return;
          end();
          closed?.();
        };
        return Promise.resolve(
          ok({
            write: (bytes: Uint8Array) => {
              if (!open) return Promise.resolve('the port is not open');
              const copy = Uint8Array.from(bytes);
              queueMicrotask(() => {
                if (open) far.receive(copy);
              });
              return Promise.resolve(undefined);
            },
            close: () => {
              end();
              return Promise.resolve();
            },
            listen: (onBytes: (bytes: Uint8Array) => void, onClose: () => void) => {
              listener = onBytes;
              closed = onClose;
            },
          }),
        );
      },
    },
    setPlugged(wanted) {
      if (wanted && !plugged) pluggings += 1;
      plugged = wanted;
      if (!wanted) pull();
    },
  };
}
