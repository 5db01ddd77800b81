import { promiseWords } from './broken.ts';
import type { Plan } from './plan.ts';
import type { Played } from './play.ts';
import type { Step } from './steps.ts';

/** A course in sentences: what was done at each step, what befell it, and which promise broke. */
export function storyText(plan: Plan, { story, violation }: Played): string {
  const lines = [`seed ${plan.seed}, ${plan.mood}, ${plan.steps.length} steps / 种子 ${plan.seed}`];
  for (const [place, step] of plan.steps.entries()) {
    const notes = story[place];
    if (notes === undefined) break;
    lines.push(`step ${place + 1}: ${stepWords(step)}`);
    for (const note of notes) lines.push(`    ${note}`);
  }
  const rest = story[plan.steps.length];
  if (rest !== undefined) {
    lines.push('at rest: every fault ends, cards and agency are asked (一切恢复)');
    for (const note of rest) lines.push(`    ${note}`);
  }
  if (violation !== undefined)
    lines.push(
      `BROKEN ${violation.promise}: ${promiseWords[violation.promise]}`,
      `    ${violation.sentence}`,
    );
  return `${lines.join('\n')}\n`;
}

function stepWords(step: Step): string {
  switch (step.do) {
    case 'sell':
      return `a sale of ${step.goods.length} products, ${step.way} (销售)`;
    case 'basket':
      return `another program sells ${step.goods.length} products as ${step.reference}${step.repeated ? ', twice asked' : ''} (程序售卖)`;
    case 'card':
      return `the card of ${step.customer} is put in (插卡)`;
    case 'pull-card':
      return 'the card is taken out (取卡)';
    case 'hold':
      return 'a basket is held (挂单)';
    case 'recall':
      return 'a held basket is recalled (取单)';
    case 'cancel':
      return 'a finished sale is cancelled (退费)';
    case 'give-up':
      return 'an unknown sale is given up (放弃)';
    case 'dispute':
      return `a disputed settlement: ${step.decision} (争议处理)`;
    case 'copy':
      return 'a slip is printed again (补打)';
    case 'wait':
      return `${Math.round(step.ms / 1000)} s pass (等待)`;
    case 'reconcile':
      return `the detail of the day ${step.daysBack} days back is compared (对账)`;
    case 'sync':
      return 'queued sales are uploaded now (立即上传)';
    case 'line':
      return step.isUp ? 'the line is back (网络恢复)' : 'the line goes down (断网)';
    case 'force-offline':
      return step.isForced ? 'offline by order (强制脱机)' : 'online again by order (解除脱机)';
    case 'paper':
      return step.isThere ? 'new paper (换纸)' : 'the paper is out (缺纸)';
    case 'printer':
      return step.isPlugged
        ? 'the printer is plugged in (接上打印机)'
        : 'the printer is unplugged (拔掉打印机)';
    case 'module':
      return step.isIn ? 'the PSAM is put back (插回PSAM)' : 'the PSAM is taken out (拔出PSAM)';
    case 'disk':
      return step.isFull ? 'the disk is full (磁盘满)' : 'the disk has room again (磁盘有空间)';
    case 'clock':
      return `the till's clock stands ${Math.round(step.byMs / 1000)} s off (时钟走偏)`;
    case 'power-cut':
      return 'the power fails (断电)';
    case 'night':
      return `${step.hours} hours, ${step.how} (过夜)`;
    case 'other-shop':
      return `${step.customer} spends ${step.fen} fen elsewhere (他处消费)`;
    case 'lose-card':
      return `the card of ${step.customer} was reported lost an hour ago (挂失)`;
  }
}
