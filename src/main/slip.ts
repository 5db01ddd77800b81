import type { Database } from 'better-sqlite3';
import type { JournalEntry } from '#core/domain/journal';
import { type Fault, fault } from '#core/fault';
import { codeFits, journalCodeText } from '#core/journal-code';
import { formatMoney, type Money, negateMoney } from '#core/money';
import { ok, type Result } from '#core/result';
import type { ReadSlipCode, SlipFacts } from '#core/slip-code';
import { proveSignature, readSlip, wordsThatDiffer } from '#core/slip-proof';
import { JournalTable } from '#store/tables/journal';
import { factsOf } from '#store/verify/facts';
import { looking } from './journal.ts';
import type { RecordsPlace } from './records.ts';

/** What an inspector learns of one slip. */
export interface SlipVerdict {
  readonly check: string;
  /** What the QR code says, in words; absent for a typed check code. */
  readonly facts?: SlipFacts;
  /** First 16 hex digits of SM3 over the public key that signed. */
  readonly signedBy?: string;
  readonly signature: 'proved' | Fault;
  /** What the journal of the terminal says of it; absent when its records were not looked at. */
  readonly journal?: JournalVerdict | Fault;
  /** Why the slip is refused; absent = nothing speaks against it. */
  readonly refused?: Fault;
}

export interface JournalVerdict {
  readonly sequence: number;
  readonly kind: JournalEntry['kind'];
  readonly saleNumber?: string;
  /** Entry by which the sale was given back later. */
  readonly cancelledBy?: number;
}

export interface SlipQuestion {
  /** A check code, a QR code's text, or the text of a slip. */
  readonly text: string;
  readonly publicKeys: readonly string[];
  /** Records of the till, where they are at hand. */
  readonly place?: RecordsPlace;
}

/** Looks at one slip offline: its words against its code, its code against keys and, at the till, against the journal. */
export async function verifySlip(question: SlipQuestion): Promise<Result<SlipVerdict, Fault>> {
  const read = readSlip(question.text);
  if (!read.ok) return read;
  const { code } = read.value;
  const { place } = question;
  if (place === undefined)
    return ok(verdictOf(code, question.publicKeys, undefined, wordsThatDiffer(read.value)));
  const { institution_code: institution, terminal } = place.config.shop;
  return looking(place, ({ db }, keyStore) => {
    const keys = [...question.publicKeys, ...(keyStore?.keys() ?? []).map(({ publicKey }) => publicKey)];
    const foreign = foreignTo(code, institution, terminal);
    const journal = foreign ?? inJournal(db, code);
    return ok(verdictOf(code, keys, journal, wordsThatDiffer(read.value)));
  });
}

function verdictOf(
  code: ReadSlipCode,
  publicKeys: readonly string[],
  journal: JournalVerdict | Fault | undefined,
  words: Fault | undefined,
): SlipVerdict {
  const proof = proveSignature(code, publicKeys);
  const signature = proof.ok ? ('proved' as const) : proof.error;
  const isWrong = signature !== 'proved' && signature.code !== 'slip-unproved';
  const refused = words ?? (isWrong ? signature : undefined) ?? (isFault(journal) ? journal : undefined);
  return {
    check: journalCodeText(code.check),
    ...(code.signed === undefined ? {} : { facts: code.signed.facts, signedBy: code.signed.seal.keyId }),
    signature,
    ...(journal === undefined ? {} : { journal }),
    ...(refused === undefined ? {} : { refused }),
  };
}

function isFault(found: JournalVerdict | Fault | undefined): found is Fault {
  return found !== undefined && 'retry' in found;
}

/** A slip of another shop or terminal can only be proved there. */
function foreignTo({ institution, signed }: ReadSlipCode, ours: string, terminal: string): Fault | undefined {
  const theirs = signed?.facts.terminal;
  if (institution === undefined) return undefined;
  if (institution === ours && (theirs === undefined || theirs === terminal)) return undefined;
  return fault('slip-foreign', `${institution} ${theirs ?? ''} ≠ ${ours} ${terminal}`);
}

function inJournal(db: Database, code: ReadSlipCode): JournalVerdict | Fault {
  const { check, saleNumber, signed } = code;
  const journal = new JournalTable(db);
  const entry = journal.page(check.sequence, 1).find(({ sequence }) => sequence === check.sequence);
  if (entry === undefined || !codeFits(check, entry.hash))
    return fault('slip-not-recorded', journalCodeText(check));
  const { saleId } = entry;
  const number: unknown =
    saleId === undefined
      ? undefined
      : db.prepare('SELECT sale_number FROM sales WHERE sale_id = ?').pluck().get(saleId);
  if (saleNumber !== undefined && saleNumber !== number) {
    return fault('slip-altered', `流水号 ${saleNumber} ≠ ${String(number)}`);
  }
  const differs = signed === undefined ? undefined : amountThatDiffers(signed.facts, entry);
  if (differs !== undefined) return fault('slip-altered', differs);
  const later =
    saleId === undefined ? undefined : journal.ofSale(saleId).find(({ kind }) => kind === 'cancelled');
  const isLater = later !== undefined && later.sequence > entry.sequence;
  return {
    sequence: entry.sequence,
    kind: entry.kind,
    ...(typeof number === 'string' ? { saleNumber: number } : {}),
    ...(isLater ? { cancelledBy: later.sequence } : {}),
  };
}

/** Amounts of the event beside those of the code. What a cancellation gave back is written there with either sign. */
function amountThatDiffers(facts: SlipFacts, entry: JournalEntry): string | undefined {
  const recorded = factsOf(entry);
  const same = (ours: Money, theirs: string | undefined): boolean =>
    theirs === undefined ||
    theirs === formatMoney(ours) ||
    (facts.kind === 'cancellation' && theirs === formatMoney(negateMoney(ours)));
  if (recorded === undefined) return 'the event cannot be read';
  if (!same(facts.total, recorded.total)) return `${formatMoney(facts.total)} ≠ ${recorded.total}`;
  if (!same(facts.fund, recorded.fundTotal)) return `${formatMoney(facts.fund)} ≠ ${recorded.fundTotal}`;
  if (!same(facts.account, recorded.account)) return `${formatMoney(facts.account)} ≠ ${recorded.account}`;
  return undefined;
}
