/** The promises of the design, section 7, that a world holds the till to; P10 is held by playing a seed twice. */
export type PromiseName = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P10';

export const promiseWords: Readonly<Record<PromiseName, string>> = {
  P1: 'a sale is never lost after the cashier was told it is done / 告知完成的交易绝不丢失',
  P2: 'nobody is charged twice, no slip comes twice without saying copy / 不重复扣款，重打必标补打',
  P3: 'an unknown outcome is never shown as failed or done / 结果不明不得显示为失败或完成',
  P4: 'slip, basket, ledger and message agree to the fen / 小票、清单、账簿、报文分毫不差',
  P5: 'the card at commit is the card that was read / 结算的卡就是读过的卡',
  P6: 'offline money never exceeds its budgets / 脱机金额不超额度',
  P7: 'a bad record, message, file or card gets a code and costs nothing else / 坏数据只影响自己',
  P8: 'the journal shows every change behind the back of the program / 流水被改必被发现',
  P10: 'the same seed replays the same run / 同一种子重放同一过程',
};

/** A promise is broken: which, and how it shows. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly promise: PromiseName;

  constructor(promise: PromiseName, sentence: string) {
    super(sentence);
    this.promise = promise;
  }
}

export function keep(promise: PromiseName, holds: boolean, sentence: () => string): void {
  if (!holds) throw new Broken(promise, sentence());
}
