import type { BreakableRelation } from '#simulators/agency/distort';

/** Messages that a fate can be meant for; `any` is whatever is sent next. */
export type FatedTransaction = '9001' | '1101' | '1903' | '2101' | '2102' | '2103' | '2601' | '3202' | 'any';

/** What happens to one message on its way. Times in ms. */
export type FateKind =
  /** Nothing is sent: refused connection. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'lose-request'; readonly slowly: boolean }
  | { readonly kind: 'lose-reply'; readonly slowly: boolean }
  /** The connection breaks; the request reaches the agency all the same, later but within its life. */
  | { readonly kind: 'late-request'; readonly ms: number }
  /** Processed at once; the answer takes so long, maybe longer than anybody waits. */
  | { readonly kind: 'slow-reply'; readonly ms: number }
  /** A proxy sends the request twice; the answer of the first or of the second comes back. */
  | { readonly kind: 'twice'; readonly answer: 'first' | 'second' }
  /** The answer that comes belongs to an earlier message of the same kind. */
  | { readonly kind: 'others-answer' }
  | { readonly kind: 'garbled'; readonly form: 'bytes' | 'json' | 'half' }
  | { readonly kind: 'server-error'; readonly status: 500 | 502 | 503 | 429; readonly processed: boolean }
  | { readonly kind: 'wrong-sums'; readonly relation: BreakableRelation }
  | { readonly kind: 'wrong-clock'; readonly ms: number }
  /** The gateway says no in words, before anything is processed. */
  | { readonly kind: 'refused' }
  /** The agency has forgotten who is signed in. */
  | { readonly kind: 'sign-in-ended' };

export interface Fate {
  readonly of: FatedTransaction;
  readonly what: FateKind;
}

/** One sentence of a story: what happened to a message. */
export function fateWords(what: FateKind): string {
  switch (what.kind) {
    case 'unreachable':
      return 'could not be sent, connection refused (连接被拒)';
    case 'lose-request':
      return 'got lost on its way (请求丢失)';
    case 'lose-reply':
      return 'was processed, its reply lost (回复丢失)';
    case 'late-request':
      return `went unanswered and arrived ${Math.round(what.ms / 1000)} s late (请求迟到)`;
    case 'slow-reply':
      return `was processed, its reply took ${Math.round(what.ms / 1000)} s (回复迟缓)`;
    case 'twice':
      return `arrived twice, the ${what.answer} reply came back (请求重复)`;
    case 'others-answer':
      return 'was processed, but the reply of an earlier message came back (回复串号)';
    case 'garbled':
      return `was processed, its reply garbled: ${what.form} (回复损坏)`;
    case 'server-error':
      return `met HTTP ${what.status}${what.processed ? ' after it was processed' : ''} (服务器错误)`;
    case 'wrong-sums':
      return `was answered with wrong sums, relation ${what.relation} (金额不符)`;
    case 'wrong-clock':
      return `was answered with a time ${Math.round(what.ms / 1000)} s off (时间不符)`;
    case 'refused':
      return 'was turned away by the gateway (网关拒绝)';
    case 'sign-in-ended':
      return 'came after its sign-in had ended (签到失效)';
  }
}
