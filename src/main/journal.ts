import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { businessDay } from '#core/business-time';
import { systemClock } from '#core/clock';
import { accountName, inChartOrder, payerNames } from '#core/domain/chart-of-accounts';
import type { JournalEntry } from '#core/domain/journal';
import type { Anchor } from '#core/domain/journal-head';
import { type Fault, fault } from '#core/fault';
import { type JournalCode, parseJournalCode } from '#core/journal-code';
import { formatMoney, sumMoney } from '#core/money';
import { err, ok, type Result } from '#core/result';
import { openKeyStore } from '#drivers/key-store/open';
import type { KeyStorePort } from '#drivers/key-store/port';
import { JournalTable } from '#store/tables/journal';
import { dayReport, type ReportSource, type SignedReport, signReport } from '#store/verify/day-report';
import { readAnchorFile } from '#store/verify/files';
import { type Looking, openForLooking } from '#store/verify/look';
import type { Verification, VerifyProgress } from '#store/verify/verification';
import { verification } from '#store/verify/verify';
import type { RecordsPlace } from './records.ts';

/** What a person holds against the journal. */
export interface VerifyRequest {
  readonly anchorFile?: string;
  /** Check codes as typed from slips. */
  readonly slips: readonly string[];
  readonly onProgress?: (progress: VerifyProgress) => void;
}

export interface JournalLook extends Verification {
  /** Why the sealed records were not opened or the keys not held against the key store. */
  readonly keyFault?: Fault;
}

export interface BalanceRow {
  readonly account: string;
  readonly zh: string;
  readonly en: string;
  readonly payer?: string;
  readonly balance: string;
}

/** Looks at the records of a closed or running till; nothing is written and no file is made in its folder. */
export async function verifyJournalOf(
  place: RecordsPlace,
  request: VerifyRequest,
): Promise<Result<JournalLook, Fault>> {
  const anchor = request.anchorFile === undefined ? ok(undefined) : readAnchorFile(request.anchorFile);
  if (!anchor.ok) return anchor;
  const foreign = anchor.value === undefined ? undefined : foreignAnchor(place, anchor.value);
  if (foreign !== undefined) return err(foreign);
  const slips: JournalCode[] = [];
  for (const typed of request.slips) {
    const code = parseJournalCode(typed);
    if (code === undefined) return err(fault('slip-code-invalid', typed));
    slips.push(code);
  }
  return looking(place, (at, keyStore, keyFault) => {
    const keyIds = keyStore?.keys().map(({ keyId }) => keyId);
    const pieces = verification(at.db, at.seals, {
      ...(keyIds === undefined || keyIds.length === 0 ? {} : { keyIds }),
      ...(anchor.value === undefined ? {} : { anchor: anchor.value }),
      slips,
    });
    for (;;) {
      const piece = pieces.next();
      if (piece.done === true) return ok({ ...piece.value, ...(keyFault === undefined ? {} : { keyFault }) });
      request.onProgress?.(piece.value);
    }
  });
}

/** Entries from one on, or all of one sale (by its id or the number on the slip). */
export function journalEntries(
  place: RecordsPlace,
  wanted: { readonly from: number; readonly limit: number; readonly sale?: string },
): Promise<Result<readonly JournalEntry[], Fault>> {
  return looking(place, ({ db }) => {
    const journal = new JournalTable(db);
    if (wanted.sale === undefined) return ok(journal.page(wanted.from, wanted.limit));
    const id: unknown = db
      .prepare('SELECT sale_id FROM sales WHERE sale_id = ? OR sale_number = ?')
      .pluck()
      .get(wanted.sale, wanted.sale);
    if (typeof id !== 'string') return err(fault('sale-not-found'));
    return ok(journal.ofSale(id).filter(({ sequence }) => sequence >= wanted.from));
  });
}

/** Every account of the ledger with its words, and their sum. */
export function journalBalances(
  place: RecordsPlace,
): Promise<Result<{ readonly rows: readonly BalanceRow[]; readonly sum: string }, Fault>> {
  return looking(place, ({ db }) => {
    const balances = [...new JournalTable(db).balances()].map(([account, amount]) => ({ account, amount }));
    const rows = inChartOrder(balances).map(({ account, amount }): BalanceRow => {
      const { zh, en, payer } = accountName(account);
      const owes = payer === undefined ? {} : { payer: `${payerNames[payer].zh} / ${payerNames[payer].en}` };
      return { account, zh, en, ...owes, balance: formatMoney(amount) };
    });
    return ok({ rows, sum: formatMoney(sumMoney(balances.map(({ amount }) => amount))) });
  });
}

/** The day report, signed by the terminal's key where the key store opens. */
export function journalReport(
  place: RecordsPlace,
  day: string | undefined,
): Promise<Result<SignedReport, Fault>> {
  return looking(place, async ({ db }, keyStore, keyFault) => {
    const journal = new JournalTable(db);
    const source: ReportSource = {
      journal: (from, limit) => journal.page(from, limit),
      journalHead: () => journal.head(),
      balances: () => journal.balances(),
    };
    const { institution_code: institution, terminal } = place.config.shop;
    const pieces = dayReport(source, { institution, terminal }, day ?? businessDay(systemClock.nowMs()));
    let piece = pieces.next();
    while (piece.done !== true) piece = pieces.next();
    const sign = async (data: Uint8Array) => {
      if (keyStore === undefined) return err(keyFault ?? fault('key-none'));
      const signed = await keyStore.sign(data);
      if (!signed.ok) return signed;
      const { keyId, signature } = signed.value;
      const key = keyStore.keys().find((known) => known.keyId === keyId);
      return key === undefined ? err(fault('key-none')) : ok({ keyId, publicKey: key.publicKey, signature });
    };
    return ok(await signReport(piece.value, sign));
  });
}

/** Opens the records for a look and closes them again; nothing is written. */
export async function looking<T>(
  place: RecordsPlace,
  look: (
    at: Looking,
    keyStore: KeyStorePort | undefined,
    keyFault: Fault | undefined,
  ) => Result<T, Fault> | Promise<Result<T, Fault>>,
): Promise<Result<T, Fault>> {
  const keys = await keysAtHand(place);
  const keyStore = keys.ok ? keys.value : undefined;
  try {
    const opened = openForLooking(place.folder, keyStore?.derive('records'));
    if (!opened.ok) return opened;
    try {
      return await look(opened.value, keyStore, keys.ok ? undefined : keys.error);
    } finally {
      opened.value.close();
    }
  } finally {
    await keyStore?.close();
  }
}

/** Opening a key store that is not there would make one: only one that exists is opened. */
async function keysAtHand({ config, folder, tokenPin }: RecordsPlace): Promise<Result<KeyStorePort, Fault>> {
  const keyFolder = join(folder, 'keys');
  if (!existsSync(join(keyFolder, 'keys.json'))) return err(fault('key-none', keyFolder));
  const { keys } = config;
  const common = { store: keys.store, folder: keyFolder, clock: systemClock } as const;
  if (keys.store === 'file') {
    const { secret_file: secretFile } = keys;
    return openKeyStore({ ...common, ...(secretFile === undefined ? {} : { secretFile }) });
  }
  if (tokenPin === undefined) return err(fault('key-store-locked', 'keys.pkcs11_pin_file'));
  return openKeyStore({
    ...common,
    pkcs11: { library: keys.pkcs11_library, token: keys.pkcs11_token, pin: tokenPin },
  });
}

function foreignAnchor({ config }: RecordsPlace, { latest }: Anchor): Fault | undefined {
  const { institution, terminal } = latest.head;
  const { shop } = config;
  if (institution === shop.institution_code && terminal === shop.terminal) return undefined;
  return fault('journal-anchor-unreadable', `of another terminal: ${institution} ${terminal}`);
}
