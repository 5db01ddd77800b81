import type { Clock } from '#core/clock';
import type { Config } from '#core/config/schema';
import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { KeyStorePort } from '#drivers/key-store/port';
import { type CarryFacts, makeCarryFile } from '#store/carry/file-form';
import type { Medium } from '#store/carry/medium';
import type { TillStore } from '#store/port';
import type { CarryFile, CarryWay } from '#store/tables/carry';

/**
 * After the receiver's time is over, so long passes before the sender may take a file back: more than two clocks may
 * differ and a request may stay on its way.
 */
export const carryMarginMs = 3_600_000;
export const carryDayMs = 86_400_000;
/** So many of the newest files are looked through. */
export const filesLookedAt = 1_000;

/** Where the book of carried sales lies; put together by `main`. */
export interface CarryPlace {
  readonly medium: Medium;
  hasBook(): boolean;
  /** Opens the book, making it when there is none. */
  openBook(): Result<TillStore, Fault>;
}

/** What sender and receiver of carry files share. */
export interface CarryParts {
  readonly store: TillStore;
  readonly keyStore: KeyStorePort;
  readonly clock: Clock;
  readonly config: Pick<Config, 'shop' | 'carry'>;
  readonly medium: Medium;
  /** Two random bytes as hex keep the numbers of a terminal apart from those that it gave before a reset. */
  readonly randomMark: () => string;
  readonly operator: () => string;
}

export interface CarryPartnerKey {
  readonly terminal: string;
  readonly publicKey: string;
}

export function partnersOf({ config }: Pick<CarryParts, 'config'>): readonly CarryPartnerKey[] {
  return config.carry.partners.map(({ terminal, public_key: publicKey }) => ({ terminal, publicKey }));
}

export function usOf(parts: Pick<CarryParts, 'config'>) {
  const { institution_code: institution, terminal } = parts.config.shop;
  return { institution, terminal, partners: partnersOf(parts) };
}

/** Newest key of a partner: a replaced one stays in the list for files that it signed. */
export function partnerKey(parts: Pick<CarryParts, 'config'>, terminal: string): string | undefined {
  return partnersOf(parts).findLast((partner) => partner.terminal === terminal)?.publicKey;
}

export function nextNumber({ store, randomMark }: CarryParts, way: CarryWay): string {
  return `${String(store.carry.count(way) + 1).padStart(4, '0')}-${randomMark()}`;
}

/** What a file says of itself outside its sealed content. */
export function factsOf(
  parts: Pick<CarryParts, 'config'>,
  kind: CarryFacts['kind'],
  file: Pick<CarryFile, 'partner' | 'number' | 'saleCount' | 'atMs' | 'untilMs'>,
): CarryFacts {
  const { institution, terminal } = usOf(parts);
  const { partner: receiver, number, saleCount: count } = file;
  const times = { createdAtMs: Math.round(file.atMs), untilMs: Math.round(file.untilMs) };
  return { kind, institution, terminal, receiver, number, count, ...times };
}

export function made(parts: CarryParts, receiverKey: string, facts: CarryFacts, content: string) {
  return makeCarryFile(parts.keyStore, receiverKey, facts, content);
}

/** Name of a file on a medium: shop, from, to, number. */
export function fileName({ kind, institution, terminal, receiver, number }: CarryFacts): string {
  const ending = kind === 'sales' ? 'carry' : 'carry-answer';
  return `guitai-${institution}-${terminal}-${receiver}-${number}.${ending}`;
}
