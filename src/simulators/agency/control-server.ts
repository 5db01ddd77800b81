import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { assert } from '#core/assert';
import { priceText, ratioText } from './catalogue/amounts.ts';
import type { AgencyControl } from './control.ts';
import { faultSchema } from './faults.ts';
import { readBody } from './http.ts';
import { scaledFrom, scaledText } from './wire.ts';

export interface ControlServer {
  readonly port: number;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
}

const cardSchema = z.strictObject({
  cardId: z.string(),
  status: z.enum(['valid', 'lost', 'replaced', 'cancelled', 'not-activated']),
});
const balanceSchema = z.strictObject({
  personNumber: z.string(),
  balance: z.string().regex(/^\d{1,12}(?:\.\d{1,2})?$/),
});

const holderSchema = z.strictObject({ holder: z.string() });
const keySchema = z.strictObject({ keyId: z.string() });
const cardText = z.string().regex(/^[0-9A-Za-z]{1,32}$/);
const entrySchema = z.union([cardText, z.strictObject({ from: cardText, to: cardText })]);
const dayText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const goodsSchema = z.strictObject({
  table: z.enum(['1301', '1302', '1303', '1305', '1306']).default('1301'),
  nationalCode: z.string().regex(/^[0-9A-Za-z-]{1,28}$/),
  name: z.string().min(1).max(200),
  form: z.string().exactOptional(),
  specification: z.string().exactOptional(),
  maker: z.string().exactOptional(),
  approvalNumber: z.string().exactOptional(),
  from: dayText.exactOptional(),
  insuranceClass: z.enum(['A', 'B', 'C']),
  firstSelfPayRatio: ratioText.prefault('0'),
  ceiling: priceText.exactOptional(),
});
const catalogueSchema = z.strictObject({
  list: z.array(goodsSchema).optional(),
  withdraw: z.array(z.string()).optional(),
  ceilings: z
    .array(z.strictObject({ nationalCode: z.string(), ceiling: priceText.nullable(), from: dayText }))
    .optional(),
});
const blacklistSchema = z.strictObject({
  add: z.array(entrySchema).optional(),
  remove: z.array(entrySchema).optional(),
});

/** The control address: JSON over HTTP on 127.0.0.1, a port of its own so that it stays up while the line is cut. */
export async function startControlServer(control: AgencyControl, port: number): Promise<ControlServer> {
  const server = createServer((request, response) => {
    serve(control, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  assert(address !== null && typeof address !== 'string', 'a listening TCP server has an address');
  return {
    port: address.port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  control: AgencyControl,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  const answer = isForeign(request)
    ? { status: 403, value: { error: 'only local programs may use the control address' } }
    : await answerTo(control, request, body === 'too-large' ? '' : Buffer.from(body).toString('utf8'));
  response.writeHead(answer.status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(answer.value, moneyAsText));
}

/** A web page somewhere may not switch faults: no page's origin, and the host must be this machine. */
function isForeign(request: IncomingMessage): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return request.headers.origin !== undefined || (host !== '127.0.0.1' && host !== 'localhost');
}

async function answerTo(control: AgencyControl, request: IncomingMessage, body: string): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const parts = path.split('/').slice(1).map(decodePart);
  if (parts[0] !== 'control') return unknownPath();
  const [, name = '', key = ''] = parts;
  if (request.method === 'GET') return look(control, name, key);
  if (request.method === 'DELETE' && name === 'faults') {
    await control.clearFaults();
    return { status: 200, value: control.state() };
  }
  if (request.method !== 'POST') return unknownPath();
  return change(control, name, body);
}

function look(control: AgencyControl, name: string, key: string): Answer {
  const views: Record<string, () => unknown> = {
    state: () => control.state(),
    persons: () => control.persons(),
    accounts: () => control.account(key),
    settlements: () => control.settlements(),
    events: () => control.events(),
    reversals: () => control.reversals(),
    charges: () => control.chargesOf(key),
    violations: () => control.violations(),
    messages: () => control.messages(),
    blacklist: () => control.blacklist(),
    catalogue: () => control.catalogue.counts(),
    'terminal-keys': () => control.terminalKeys(),
    'offline-sales': () => control.offlineSales(),
  };
  const view = Object.hasOwn(views, name) ? views[name] : undefined;
  const value = view?.();
  return value === undefined ? unknownPath() : { status: 200, value };
}

async function change(control: AgencyControl, name: string, body: string): Promise<Answer> {
  try {
    const value: unknown = body === '' ? {} : JSON.parse(body);
    const made = make(control, name, value) ?? changeCards(control, name, value);
    if (made !== undefined) return made;
    if (!(await apply(control, name, value))) return unknownPath();
    return { status: 200, value: control.state() };
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, value: { error: z.prettifyError(error) } };
    if (error instanceof SyntaxError) return { status: 400, value: { error: 'the body is not JSON' } };
    throw error;
  }
}

/** What is made and handed out: codes of certificates and for terminals. */
function make(control: AgencyControl, name: string, value: unknown): Answer | undefined {
  if (name === 'enrolment-code') return { status: 200, value: { code: control.issueEnrolmentCode() } };
  if (name !== 'certificate') return undefined;
  const issued = control.issueCertificate(holderSchema.parse(value).holder);
  return issued === undefined
    ? { status: 404, value: { error: 'no such insured person' } }
    : { status: 200, value: issued };
}

/** Blacklist, terminal keys and catalogue; answers what stands then. */
function changeCards(control: AgencyControl, name: string, value: unknown): Answer | undefined {
  if (name === 'revoke-key') {
    const isDone = control.revokeKey(keySchema.parse(value).keyId);
    return { status: isDone ? 200 : 404, value: control.terminalKeys() };
  }
  if (name === 'catalogue') return changeCatalogue(control, value);
  if (name !== 'blacklist') return undefined;
  const { add = [], remove = [] } = blacklistSchema.parse(value);
  for (const entry of add) control.blacklistAdd(entry);
  for (const entry of remove) control.blacklistRemove(entry);
  return { status: 200, value: control.blacklist() };
}

/** Lists and withdraws goods and sets ceilings from a day on; answers how many rows each table has then. */
function changeCatalogue(control: AgencyControl, value: unknown): Answer {
  const { list = [], withdraw = [], ceilings = [] } = catalogueSchema.parse(value);
  for (const goods of list) control.catalogue.list(goods);
  for (const nationalCode of withdraw) control.catalogue.withdraw(nationalCode);
  for (const { nationalCode, ceiling, from } of ceilings)
    control.catalogue.setCeiling(nationalCode, ceiling ?? undefined, from);
  return { status: 200, value: control.catalogue.counts() };
}

/** Does one change; false when there is no change of that name. */
async function apply(control: AgencyControl, name: string, value: unknown): Promise<boolean> {
  switch (name) {
    case 'fault':
      await control.setFault(faultSchema.parse(value));
      return true;
    case 'faults':
      await control.addFault(faultSchema.parse(value));
      return true;
    case 'cut':
      await control.cut();
      return true;
    case 'restore':
      await control.restore();
      return true;
    case 'deliver-held':
      control.deliverHeld();
      return true;
    case 'expire-sign-ins':
      control.expireSignIns();
      return true;
    case 'card': {
      const card = cardSchema.parse(value);
      control.setCardStatus(card.cardId, card.status);
      return true;
    }
    case 'balance': {
      const wanted = balanceSchema.parse(value);
      control.setBalance(wanted.personNumber, scaledFrom(wanted.balance, 2) ?? 0n);
      return true;
    }
    default:
      return false;
  }
}

function unknownPath(): Answer {
  return { status: 404, value: { error: 'no such control address' } };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Amounts are fen and become `12.30`; only the fund's ratio has four decimals. */
function moneyAsText(key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? scaledText(value, key === 'ratio' ? 4 : 2) : value;
}
