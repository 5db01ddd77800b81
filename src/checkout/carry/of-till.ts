import { randomBytes } from 'node:crypto';
import { toHex } from '#core/hex';
import { byItself } from '#store/records/step';
import { createSync, type SyncConfig } from '#sync/sync';
import type { CheckoutParts } from '../parts.ts';
import { CarryDesk } from './desk.ts';

/** What the carry desk needs of the running till. */
export interface CarryingTill {
  /** How the till's own records are uploaded: the book goes over the same link, in the same operator's name. */
  readonly syncConfig: () => SyncConfig;
  /** Number of the operator of the shift; empty = none. */
  readonly operator: () => string;
  readonly busy: (saleId: string) => boolean;
  readonly onChange: () => void;
}

/** The carry desk of a till; undefined where nothing is carried. */
export function carryDeskOf(parts: CheckoutParts, till: CarryingTill): CarryDesk | undefined {
  const { store, keyStore, clock, config, carry, newId } = parts;
  if (carry === undefined) return undefined;
  const ends = {
    ...{ store, keyStore, clock, config },
    medium: carry.medium,
    randomMark: () => toHex(randomBytes(2)),
    operator: () => till.operator() || byItself,
  };
  return new CarryDesk(
    ends,
    carry,
    (book, { mayUpload, knownElsewhere, maySend }) => {
      const own = till.syncConfig();
      const usable = () => own.link.usable() && maySend();
      const link = { usable, report: own.link.report };
      return createSync({ ...own, store: book, mayUpload, knownElsewhere, link, onChange: till.onChange });
    },
    { busy: till.busy, newId },
  );
}
