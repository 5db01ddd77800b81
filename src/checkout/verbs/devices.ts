import { fault } from '#core/fault';
import { err } from '#core/result';
import type { Till } from '../facade.ts';
import { reasonGiven } from '../journal.ts';
import { customerView } from '../present/customer.ts';
import type { TillCore } from '../till-core.ts';
import { done } from './answer.ts';

type DeviceVerbs = Pick<Till, 'openDrawer' | 'devices' | 'customer'>;

/** Verbs about the devices of the counter. */
export function deviceVerbs(core: TillCore): DeviceVerbs {
  return {
    async openDrawer(reason) {
      const open = core.shiftOpen();
      if (!open.ok) return open;
      if (!reasonGiven(reason)) return err(fault('reason-missing'));
      const opened = await core.drawer.open(core.operator().number, reason.trim());
      return opened.ok ? done(core) : opened;
    },
    devices: () => core.devices.views(),
    customer: () => customerView(core),
  };
}
