import { createHash } from 'node:crypto';
import type { TillStore } from '#store/port';

/** What the till told of one thing: a digest of all that its records say about it. */
export type Fact = readonly [key: string, value: string];

/** One mark in a recording: everything that a durable step changed, told as soon as the step returned. */
export interface Mark {
  readonly step: string;
  readonly facts: readonly Fact[];
  /** Numbers given out, and certificates claimed: never again. */
  readonly issued: readonly string[];
}

/** The value of what is not there. */
const NOTHING = 'nothing';
const UPLOAD_STATES = ['queued', 'sending', 'accepted', 'adjusted', 'rejected', 'ambiguous'] as const;
const SLIP_STATES = ['owed', 'printing', 'printed', 'unclear'] as const;

/** What the records say about `sale:ID`, `setting:NAME`, `holder:KEY`, `balances`, `queue`, `slips`, `blacklist`, `head`. */
export function factOf(store: TillStore, key: string): string {
  const [kind = '', ...rest] = key.split(':');
  const id = rest.join(':');
  switch (kind) {
    case 'sale':
      return saleFact(store, id);
    case 'setting':
      return store.setting(id) ?? NOTHING;
    case 'holder':
      return digest(store.rememberedHolder(id));
    case 'balances':
      return digestList([...store.balances()].filter(([, amount]) => amount !== 0n).sort());
    case 'queue':
      return digestList(store.uploads(UPLOAD_STATES).toSorted((a, b) => (a.saleId < b.saleId ? -1 : 1)));
    case 'slips':
      return digestList(store.slips(SLIP_STATES).toSorted((a, b) => (a.slipId < b.slipId ? -1 : 1)));
    case 'blacklist':
      return store.blacklist()?.version ?? NOTHING;
    case 'head':
      return head(store);
    default:
      throw new Error(`no fact of the records: ${key}`);
  }
}

/** Sequence and hash of the last journal entry. */
function head(store: TillStore): string {
  let last = NOTHING;
  for (let from = 1; ; ) {
    const page = store.journal(from, 500);
    const entry = page.at(-1);
    if (entry === undefined) return last;
    last = `${entry.sequence} ${entry.hash}`;
    from = entry.sequence + 1;
  }
}

function saleFact(store: TillStore, saleId: string): string {
  const sale = store.sale(saleId);
  if (sale === undefined) return NOTHING;
  return `${sale.state} ${digest([
    sale,
    store.messagesOfSale(saleId),
    store.settled(saleId),
    store.upload(saleId),
    store.slipsOfSale(saleId),
    store.journalOfSale(saleId),
  ])}`;
}

function digestList(rows: readonly unknown[]): string {
  return rows.length === 0 ? NOTHING : digest(rows);
}

function digest(value: unknown): string {
  if (value === undefined) return NOTHING;
  const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** What was told up to some point of a recording. */
export class Told {
  readonly facts = new Map<string, string>();
  readonly issued = new Set<string>();

  add(mark: Mark): void {
    for (const [key, value] of mark.facts) this.facts.set(key, value);
    for (const one of mark.issued) this.issued.add(one);
  }

  value(key: string): string {
    return this.facts.get(key) ?? NOTHING;
  }

  copy(): Told {
    const copy = new Told();
    copy.add({ step: '', facts: [...this.facts], issued: [...this.issued] });
    return copy;
  }
}
