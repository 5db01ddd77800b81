import type { TerminalKeyRow, Till } from '#checkout/facade';
import { customerView, tillView } from '#checkout/view';
import { ok } from '#core/result';
import type { Attempts } from '../attempts.ts';
import { customerExample, deviceExample, keyExample, tillExample } from '../examples.ts';
import { defineRoute, plain, type Route } from '../route.ts';
import {
  devicesAnswer,
  enrolKeyBody,
  keysAnswer,
  reasonBody,
  terminalKeyRow,
  twoPeopleBody,
} from '../schemas.ts';
import { withSecond } from '../second.ts';

/** Devices of the counter, the customer's screen, and the keys of the terminal. */
export function deviceRoutes(till: Till, attempts: Attempts): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/devices',
      tag: 'devices',
      summary: 'Every device with its state, its last fault and the next step',
      access: 'caller',
      answer: { schema: devicesAnswer, example: { devices: [deviceExample] } },
      handle: () => ok({ value: { devices: till.devices() } }),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/drawer/open',
      tag: 'devices',
      summary: 'Opens the cash drawer without a sale; the reason is recorded',
      access: 'caller',
      body: reasonBody,
      bodyExample: { reason: '换零钱' },
      answer: { schema: tillView, example: tillExample },
      handle: async ({ body }) => plain(await till.openDrawer(body.reason)),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/customer',
      tag: 'devices',
      summary: "What the customer's screen shows; /api/customer/live pushes the same at each change",
      access: 'caller',
      answer: { schema: customerView, example: customerExample },
      handle: () => ok({ value: till.customer() }),
    }),
    ...keyRoutes(till, attempts),
  ];
}

function keyRoutes(till: Till, attempts: Attempts): Route[] {
  const common = {
    tag: 'devices',
    access: 'caller',
    answer: { schema: terminalKeyRow, example: keyExample },
  } as const;
  return [
    defineRoute({
      ...common,
      method: 'GET',
      url: '/api/keys',
      summary: 'Keys of this terminal; their private parts never leave the key store',
      answer: { schema: keysAnswer, example: { keys: [keyExample] } },
      handle: () => ok({ value: { keys: till.terminalKeys() satisfies readonly TerminalKeyRow[] } }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/keys/enrol',
      summary: "Makes the terminal's key known to the agency with its one-time code",
      body: enrolKeyBody,
      bodyExample: { enrolmentCode: 'code-from-the-agency' },
      handle: async ({ body }) => plain(await till.enrolKey(body.enrolmentCode)),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/keys/rotate',
      summary: "A new key in the old one's name",
      handle: async () => plain(await till.rotateKey()),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      url: '/api/keys/revoke',
      summary: 'Gives up a key that others may know; a second operator proves it',
      body: twoPeopleBody,
      bodyExample: { second: { number: '02', pin: '000000' }, reason: '设备曾失窃' },
      faults: ['operator-unknown', 'attempts-too-many'],
      handle: ({ body, caller, connection }) =>
        withSecond(till, attempts, body.second, { caller, connection }, async () =>
          plain(await till.revokeKey(body.second, body.reason)),
        ),
    }),
  ];
}
