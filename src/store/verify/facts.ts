import { z } from 'zod';
import type { JournalEntry } from '#core/domain/journal';
import type { HeadSignature, JournalHead } from '#core/domain/journal-head';

const text = z.string();
const maybe = text.optional();

/** What a replay reads of an event's facts; everything else in them is covered by the hash alone. */
const facts = z.object({
  saleNumber: maybe,
  messageId: maybe,
  originalMessageId: maybe,
  day: maybe,
  giveBack: z.union([text, z.boolean()]).optional(),
  attempt: z.number().optional(),
  total: maybe,
  account: maybe,
  fundTotal: maybe,
  cash: maybe,
  expected: z.object({ total: maybe, account: maybe, fundTotal: maybe }).optional(),
  clearingOffice: maybe,
  clearingType: maybe,
  brokenRelations: z.array(text).optional(),
  uncovered: maybe,
  foundBy: maybe,
  answeredTotal: maybe,
  answeredAccount: maybe,
  answeredFundTotal: maybe,
  decision: maybe,
  slipId: maybe,
  action: maybe,
  keyId: maybe,
});
export type Facts = z.output<typeof facts>;

/** Undefined when the facts are no JSON object, or a known one has another form than the program writes. */
export function factsOf(entry: JournalEntry): Facts | undefined {
  const parsed = facts.safeParse(jsonOf(entry.facts));
  return parsed.success ? parsed.data : undefined;
}

const head = z.object({
  institution: text,
  terminal: text,
  day: text,
  sequence: z.number().int(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
const signed = z.object({ keyId: text, publicKey: text, signature: text });
const unsigned = z.object({ unsigned: text });

export interface ReadSignature {
  readonly head: JournalHead;
  /** Undefined: the event says that, and why, nothing was signed. */
  readonly signature: HeadSignature | undefined;
}

/** The head and signature of a `journal-signed` event; undefined when it is not of the form that we write. */
export function signatureOf(entry: JournalEntry): ReadSignature | undefined {
  const json = jsonOf(entry.facts);
  const found = head.safeParse(json);
  if (!found.success) return undefined;
  const signature = signed.safeParse(json);
  if (signature.success) return { head: found.data, signature: signature.data };
  return unsigned.safeParse(json).success ? { head: found.data, signature: undefined } : undefined;
}

function jsonOf(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
