import type { Link, LinkRequest, LinkResult } from '#agency/link';
import { assert } from '#core/assert';
import type { Reply } from '#simulators/agency/gateway';
import { type Infno, infnoOfPath } from '#simulators/agency/paths';
import type { WorldAgency } from './agency.ts';
import type { WorldClock } from './clock.ts';
import { type Fate, type FateKind, fateWords } from './fates.ts';
import type { Machine } from './machine.ts';

/** A message with money as it left the till. */
export interface SentMoney {
  readonly transaction: '2102' | '2103' | '2601';
  readonly messageId: string;
  readonly body: string;
}

export interface NetworkOptions {
  readonly agency: WorldAgency;
  readonly clock: WorldClock;
  /** Called before the first byte of every message leaves. */
  readonly onSend: (
    transaction: Infno,
    messageId: string,
    body: string,
    money: SentMoney | undefined,
  ) => void;
  readonly note: (sentence: string) => void;
}

const MONEY: ReadonlySet<string> = new Set(['2102', '2103', '2601']);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const nothing = new Uint8Array();

/** The line to the agency, with everything that can happen on it. Kept over crashes: late requests still arrive. */
export class Network {
  isCut = false;
  /** Ids of money messages whose request is still on its way. */
  readonly onTheWay = new Set<string>();
  /** Ids of messages whose answer had wrong sums. */
  readonly distorted = new Set<string>();
  readonly #options: NetworkOptions;
  #fates: Fate[] = [];
  readonly #lastReply = new Map<Infno, Reply>();

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** Fates wait for the messages that they are meant for; those of an earlier step are over. */
  expect(fates: readonly Fate[]): void {
    this.#fates = [...fates];
  }

  /** The line of one run of the till: a dead one sends nothing and hears nothing. */
  link(machine: Machine): Link {
    return {
      send: (request) => (machine.isAlive ? this.#send(request, machine) : new Promise(() => undefined)),
    };
  }

  async #send(request: LinkRequest, machine: Machine): Promise<LinkResult> {
    const transaction = infnoOfPath(new URL(request.url).pathname);
    assert(transaction !== undefined, 'the till knows the addresses of the agency');
    if (this.isCut) return notSent;
    const body = Buffer.from(request.body).toString('utf8');
    const messageId = String((JSON.parse(body) as { readonly msgid?: unknown }).msgid);
    const money = MONEY.has(transaction)
      ? { transaction: transaction as SentMoney['transaction'], messageId, body }
      : undefined;
    const how = machine.next();
    const where = `message ${transaction}`;
    if (how === 'before') return this.#never(machine, where, how);
    const fate = this.#take(transaction);
    if (fate?.kind === 'unreachable') {
      this.#options.note(`${transaction} ${fateWords(fate)}`);
      return notSent;
    }
    this.#options.onSend(transaction, messageId, body, money);
    if (fate !== undefined) this.#options.note(`${transaction} ${fateWords(fate)}`);
    const result = this.#carry({ transaction, messageId, request, fate });
    if (how !== undefined) return this.#never(machine, where, how);
    return machine.isAlive ? await result : await new Promise(() => undefined);
  }

  #never(machine: Machine, where: string, how: 'before' | 'after' | 'torn'): Promise<never> {
    machine.die(where, how);
    return new Promise(() => undefined);
  }

  #take(transaction: Infno): FateKind | undefined {
    const hit = this.#fates.find(({ of }) => of === transaction || of === 'any');
    this.#fates = this.#fates.filter((each) => each !== hit);
    return hit?.what;
  }

  async #carry(call: Call): Promise<LinkResult> {
    const { fate, request } = call;
    const process = (): Reply => this.#process(call);
    switch (fate?.kind) {
      case undefined:
      case 'unreachable':
        return this.#answered(process());
      case 'lose-request':
        return await this.#lost(request, fate.slowly);
      case 'lose-reply':
        process();
        return await this.#lost(request, fate.slowly);
      case 'late-request':
        return this.#late(call, fate.ms);
      case 'slow-reply': {
        const reply = process();
        const isInTime = fate.ms < request.answerTimeoutMs;
        await this.#pass(Math.min(fate.ms, request.answerTimeoutMs));
        return isInTime ? this.#answered(reply) : this.#unknown('answer-timeout');
      }
      case 'twice': {
        const first = process();
        const second = process();
        return this.#answered(fate.answer === 'first' ? first : second);
      }
      case 'others-answer': {
        const before = this.#lastReply.get(call.transaction);
        const own = process();
        return this.#answered(before ?? own);
      }
      case 'garbled':
        return this.#answered(garbled(process(), fate.form));
      case 'server-error':
        if (fate.processed) process();
        return this.#answered({ ...errorPage, status: fate.status });
      case 'wrong-sums':
      case 'wrong-clock':
        return this.#answered(process());
      case 'refused':
        return this.#answered(this.#options.agency.gateway.gatewayError('接口流量超限'));
      case 'sign-in-ended':
        this.#options.agency.control.expireSignIns();
        return this.#answered(process());
    }
  }

  #process({ transaction, request, fate, messageId }: Call): Reply {
    if (fate?.kind === 'wrong-sums' && (transaction === '2102' || transaction === '2103'))
      this.distorted.add(messageId);
    const reply = this.#options.agency.gateway.handle(transaction, request.body, {
      ...(fate?.kind === 'wrong-sums' ? { relation: fate.relation } : {}),
      ...(fate?.kind === 'wrong-clock' ? { clockShiftMs: fate.ms } : {}),
    });
    this.#lastReply.set(transaction, reply);
    return reply;
  }

  #late(call: Call, ms: number): LinkResult {
    const { onTheWay } = this;
    onTheWay.add(call.messageId);
    this.#options.clock.outside.after(ms, () => {
      onTheWay.delete(call.messageId);
      this.#process(call);
      this.#options.note(`the late ${call.transaction} arrived (迟到的请求到达)`);
    });
    return this.#unknown('connection-lost');
  }

  async #lost({ answerTimeoutMs }: LinkRequest, slowly: boolean): Promise<LinkResult> {
    if (!slowly) return this.#unknown('connection-lost');
    const sent = this.#unknown('answer-timeout');
    await this.#pass(answerTimeoutMs);
    return sent;
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.outside.after(ms, resolve);
    });
  }

  #answered({ status, body }: Reply): LinkResult {
    return { kind: 'answered', status, body, lastByteAtMs: this.#options.clock.tillMs() };
  }

  #unknown(failure: 'answer-timeout' | 'connection-lost'): LinkResult {
    return { kind: 'unknown', failure, lastByteAtMs: this.#options.clock.tillMs(), received: nothing };
  }
}

interface Call {
  readonly transaction: Infno;
  readonly messageId: string;
  readonly request: LinkRequest;
  readonly fate: FateKind | undefined;
}

const notSent: LinkResult = { kind: 'not-sent', failure: 'connect-failed', detail: 'ECONNREFUSED' };
const errorPage: Reply = { status: 502, contentType: 'text/html', body: bytesOf('<h1>502 Bad Gateway</h1>') };

function garbled(reply: Reply, form: 'bytes' | 'json' | 'half'): Reply {
  if (form === 'bytes') return { ...reply, body: Uint8Array.of(0xff, 0xfe, 0x00, 0x9c, 0x81, 0xd5, 0x7b) };
  if (form === 'json') return { ...reply, body: bytesOf('{"result":"ok","data":[1,2,3]}') };
  return { ...reply, body: reply.body.slice(0, Math.ceil(reply.body.length / 2)) };
}
