import type { Sale } from '#core/domain/sale';
import type { SyncParts } from './parts.ts';
import { isTorn } from './plan.ts';
import { nextStep } from './resolver.ts';

export interface Progress {
  readonly zh: string;
  readonly en: string;
}

/** What is being done about an unanswered sale, in words for the cashier; undefined when nothing is. */
export function progressOf(parts: SyncParts, sale: Sale): Progress | undefined {
  const ambiguous = sale.state === 'queued' && parts.store.upload(sale.saleId)?.state === 'ambiguous';
  if (sale.state !== 'unknown' && sale.state !== 'suspense' && !ambiguous) return undefined;
  if (isTorn(sale)) {
    return {
      zh: '卡片扣款时离开了读卡器，结果未知：请让持卡人重新插入同一张卡核实',
      en: 'The card left while it was being debited: ask the holder to insert the same card again',
    };
  }
  const step = nextStep(parts, sale);
  if (step.do === 'nothing' && sale.state !== 'unknown') {
    return {
      zh: '冲正未被受理，等待与医保中心对明细账',
      en: 'Not reversed: waiting for the detail of the agency',
    };
  }
  if (!parts.link.usable() && step.do !== 'wait') {
    return { zh: '等待网络恢复后继续核实', en: 'Waiting for the link, then clearing it up' };
  }
  switch (step.do) {
    case 'reverse':
      return { zh: `正在冲正（第 ${step.attempt} 次）`, en: `Reversing (try ${step.attempt})` };
    case 'wait': {
      const seconds = Math.ceil(step.leftMs / 1000);
      return {
        zh: `冲正已受理，还要等 ${seconds} 秒确认原请求失效`,
        en: `Reversed; ${seconds} s until the original can no longer arrive`,
      };
    }
    case 'settle-again':
      return { zh: '正在重新结算', en: 'Settling again' };
    case 'cancel-again':
      return { zh: '正在重新撤销', en: 'Cancelling again' };
    case 'requeue':
      return { zh: '等待重新上传', en: 'Waiting to be uploaded again' };
    case 'abandon':
    case 'keep-settled':
      return { zh: '正在结束', en: 'Closing' };
    case 'nothing':
      return { zh: '正在与医保中心核实', en: 'Being cleared up with the agency' };
  }
}
