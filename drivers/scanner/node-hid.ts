import type { HidAccess, HidConnection, HidInterface } from './port.ts';

/** HID through node-hid. It is loaded with the first call: a machine without it only has no such scanner. */
export const nodeHidAccess: HidAccess = {
  async list(vendorId, productId) {
    const { devicesAsync } = await load();
    const found = await devicesAsync(vendorId, productId);
    return found.flatMap((device): HidInterface[] => {
      const { path, usagePage, product } = device;
      if (path === undefined) return [];
      return [
        {
          path,
          vendorId: device.vendorId,
          productId: device.productId,
          ...(usagePage === undefined ? {} : { usagePage }),
          ...(product === undefined ? {} : { product }),
        },
      ];
    });
  },
  async open(path) {
    const { HIDAsync } = await load();
    const device = await HIDAsync.open(path);
    return new NodeHidConnection(device);
  },
};

type NodeHid = typeof import('node-hid');

async function load(): Promise<NodeHid> {
  const module: NodeHid & { default?: NodeHid } = await import('node-hid');
  return module.default ?? module;
}

class NodeHidConnection implements HidConnection {
  readonly #device: Awaited<ReturnType<NodeHid['HIDAsync']['open']>>;
  #onLost: (detail: string) => void = () => undefined;
  #over = false;

  constructor(device: Awaited<ReturnType<NodeHid['HIDAsync']['open']>>) {
    this.#device = device;
    // Without a listener an unplug would be an uncaught error.
    device.on('error', (error: unknown) =>
      this.#lose(error instanceof Error ? error.message : 'read failed'),
    );
  }

  onReport(listener: (report: Uint8Array) => void): void {
    this.#device.on('data', (data: Uint8Array) => {
      if (!this.#over) listener(data);
    });
  }

  onLost(listener: (detail: string) => void): void {
    this.#onLost = listener;
  }

  async close(): Promise<void> {
    this.#over = true;
    // A device that is gone cannot be closed; there is nothing left to do then.
    await this.#device.close().catch(() => undefined);
  }

  #lose(detail: string): void {
    if (this.#over) return;
    this.#over = true;
    void this.#device.close().catch(() => undefined);
    this.#onLost(detail);
  }
}
