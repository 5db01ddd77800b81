import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import {
  type Anchor,
  type AnchoredHead,
  type HeadSignature,
  headSignatureFits,
  type JournalHead,
} from '#core/domain/journal-head';
import { type Fault, fault } from '#core/fault';
import { codeFits, type JournalCode, journalCode, journalCodeText } from '#core/journal-code';
import { err, ok, type Result } from '#core/result';
import { verifySm2 } from '#core/sm2';
import { reportBytes } from './day-report.ts';
import type { Findings } from './findings.ts';

const FORM = 'guitai-anchor-1';

const headForm = z.object({
  institution: z.string().max(40),
  terminal: z.string().max(20),
  day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  sequence: z.number().int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const signatureForm = z.object({
  keyId: z.string().regex(/^[0-9A-Fa-f]{16}$/),
  publicKey: z.string().regex(/^04[0-9A-Fa-f]{128}$/),
  signature: z.string().regex(/^[0-9A-Fa-f]{128}$/),
});
const anchoredForm = z.object({ head: headForm, signature: signatureForm.optional() });
const anchorForm = z.object({
  form: z.literal(FORM),
  latest: anchoredForm,
  earlier: z.array(anchoredForm).max(10_000),
  /** SM3 over the rest: a cut or mistyped file is told from a wrong one. */
  checksum: z.string(),
});
/** A day report carries its head under the same names, and a signature over everything else in it. */
const reportForm = anchoredForm.extend({
  form: z.literal('guitai-day-report-1'),
  reportSignature: signatureForm.optional(),
});
const anyObject = z.record(z.string(), z.unknown());

/** The text of an anchor file. */
export function anchorText({ latest, earlier }: Anchor): string {
  const body = { form: FORM, latest, earlier };
  return `${JSON.stringify({ ...body, checksum: checksumOf(body) }, undefined, 1)}\n`;
}

/** Reads an anchor file or a day report. Fault `journal-anchor-unreadable`: cut, changed, or something else. */
export function parseAnchor(text: string): Result<Anchor, Fault> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err(fault('journal-anchor-unreadable', 'not JSON'));
  }
  const report = reportForm.safeParse(json);
  if (report.success) {
    const { head, signature, reportSignature: whole } = report.data;
    if (whole !== undefined && !reportFits(anyObject.parse(json), whole))
      return err(fault('journal-anchor-unreadable', 'signature of the report'));
    return checked({ latest: anchored(head, signature), earlier: [] });
  }
  const parsed = anchorForm.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return err(fault('journal-anchor-unreadable', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`));
  }
  const { checksum, ...body } = parsed.data;
  if (checksum !== checksumOf(body)) return err(fault('journal-anchor-unreadable', 'checksum'));
  const earlier = body.earlier.map(({ head, signature }) => anchored(head, signature));
  return checked({ latest: anchored(body.latest.head, body.latest.signature), earlier });
}

function reportFits(json: Record<string, unknown>, whole: HeadSignature): boolean {
  const { reportSignature: _reportSignature, ...body } = json;
  return verifySm2(reportBytes(body), whole.signature, whole.publicKey);
}

function checked(anchor: Anchor): Result<Anchor, Fault> {
  const wrong = [anchor.latest, ...anchor.earlier].find(
    ({ head, signature }) => signature !== undefined && !headSignatureFits(head, signature),
  );
  if (wrong === undefined) return ok(anchor);
  return err(fault('journal-anchor-unreadable', `signature of entry ${wrong.head.sequence}`));
}

function anchored(head: JournalHead, signature: HeadSignature | undefined): AnchoredHead {
  return { head, ...(signature === undefined ? {} : { signature }) };
}

function checksumOf(body: object): string {
  return createHash('sm3').update(JSON.stringify(body), 'utf8').digest('hex');
}

/** Whether the file holds what was anchored; answers how far it is proved thereby (0 = nothing). */
export function checkAnchor(db: Database, findings: Findings, { latest, earlier }: Anchor): number {
  const hashAt = db.prepare('SELECT hash FROM journal WHERE sequence = ?').pluck();
  const head = headSequence(db);
  let proved = 0;
  for (const { head: anchoredHead } of [...earlier, latest]) {
    const { sequence, hash } = anchoredHead;
    if (sequence === 0) continue;
    const found: unknown = hashAt.get(BigInt(sequence));
    if (sequence > head) findings.add('anchor-ahead', { sequence: head + 1 }, `${head} < ${sequence}`);
    else if (found !== hash) findings.add('anchor-differs', { sequence }, anchoredHead.day);
    else proved = Math.max(proved, sequence);
  }
  return proved;
}

/** The same with the check code of one slip. */
export function checkSlipCode(db: Database, findings: Findings, code: JournalCode): number {
  const head = headSequence(db);
  const { sequence } = code;
  if (sequence > head) {
    findings.add('slip-ahead', { sequence: head + 1 }, `${head} < ${sequence}`);
    return 0;
  }
  const found: unknown = db
    .prepare('SELECT hash FROM journal WHERE sequence = ?')
    .pluck()
    .get(BigInt(sequence));
  if (typeof found === 'string' && codeFits(code, found)) return sequence;
  const now = typeof found === 'string' ? journalCodeText(journalCode(sequence, found)) : 'none';
  findings.add('slip-differs', { sequence }, `${journalCodeText(code)} ≠ ${now}`);
  return 0;
}

function headSequence(db: Database): number {
  const last: unknown = db.prepare('SELECT MAX(sequence) FROM journal').pluck().get();
  return typeof last === 'bigint' ? Number(last) : 0;
}
