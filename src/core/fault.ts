import { agencyFaults } from './faults/agency.ts';
import { backupFaults } from './faults/backup.ts';
import { benefitFaults } from './faults/benefits.ts';
import { cardFaults } from './faults/card.ts';
import { carryFaults } from './faults/carry.ts';
import { catalogFaults } from './faults/catalog.ts';
import { checkoutFaults } from './faults/checkout.ts';
import { chronicFaults } from './faults/chronic.ts';
import { deviceFaults } from './faults/devices.ts';
import { journalFaults } from './faults/journal.ts';
import { keyFaults } from './faults/keys.ts';
import { mappingFaults } from './faults/mapping.ts';
import { officeFaults } from './faults/office.ts';
import { printerFaults } from './faults/printer.ts';
import { refundFaults } from './faults/refund.ts';
import { serverFaults } from './faults/server.ts';
import type { FaultSpec, RetryClass } from './faults/spec.ts';
import { storeFaults } from './faults/store.ts';

export type { FaultSpec, RetryClass } from './faults/spec.ts';

/** Every expected failure of the program, by stable text code. The README lists the same codes. */
export const faultTable = {
  ...cardFaults,
  ...agencyFaults,
  ...catalogFaults,
  ...benefitFaults,
  ...checkoutFaults,
  ...chronicFaults,
  ...refundFaults,
  ...officeFaults,
  ...mappingFaults,
  ...printerFaults,
  ...deviceFaults,
  ...keyFaults,
  ...journalFaults,
  ...storeFaults,
  ...backupFaults,
  ...carryFaults,
  ...serverFaults,
} satisfies Record<string, FaultSpec>;

export type FaultCode = keyof typeof faultTable;

/** An expected failure with its words; `detail` holds technical facts and never personal data. */
export interface Fault {
  readonly code: FaultCode;
  readonly retry: RetryClass;
  /** What happened, Chinese then English. */
  readonly zh: string;
  readonly en: string;
  /** What to do next. */
  readonly nextZh: string;
  readonly nextEn: string;
  readonly detail?: string;
}

export function fault(code: FaultCode, detail?: string): Fault {
  const spec: FaultSpec = faultTable[code];
  return { code, ...spec, ...(detail === undefined ? {} : { detail }) };
}
