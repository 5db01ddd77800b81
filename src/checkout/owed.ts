import { businessDateTime } from '#core/business-time';
import type { Sale } from '#core/domain/sale';
import { formatMoney, sumMoney, zeroMoney } from '#core/money';
import type { SlipRow, TillStore, UploadRow } from '#store/port';
import { saleTotal } from '#store/records/postings';
import { restoreHold } from '#store/restored';
import { unlessBroken } from '#store/seals';
import { lostSales } from '#sync/lost-sales';
import type { OwedList, OwedRow } from './facade.ts';

const OUTCOME_OPEN = ['committing', 'unknown', 'suspense', 'disputed', 'rejected'] as const;
const UPLOADS = ['queued', 'sending', 'ambiguous', 'carried'] as const;
const SLIPS = ['owed', 'printing', 'unclear'] as const;

/**
 * Everything that would be lost with these records although somebody still waits for it: uploads, outcomes that
 * are not cleared up, reversals without proof, slips, and the days of a restore. Sign-out, reset, update and
 * uninstalling ask this first.
 */
export function owedBy(store: TillStore): OwedList {
  const uploads = store.uploads(UPLOADS);
  const sales = store.salesInState(OUTCOME_OPEN);
  const told = new Set([...uploads, ...sales].map(({ saleId }) => saleId));
  const unproved = store
    .messagesInState(['intent', 'unknown', 'reversed-unproved'])
    .filter(({ saleId }) => !told.has(saleId));
  const rows: OwedRow[] = [
    ...uploads.map((upload) => uploadRow(store, upload)),
    ...sales.map(saleRow),
    ...[...new Set(unproved.map(({ saleId }) => saleId))].map((saleId) => reversalRow(store, saleId)),
    ...store.slips(SLIPS).map((slip) => slipRow(store, slip)),
    ...restoreRows(store),
  ];
  const amounts = [...uploads.map(({ account }) => account), ...sales.map(saleTotal)];
  return { rows, total: formatMoney(sumMoney(amounts)) };
}

function uploadRow(store: TillStore, { saleId, account, queuedAtMs, state }: UploadRow): OwedRow {
  const sale = readable(store, saleId);
  const isOut = state === 'carried';
  return {
    kind: 'upload',
    saleId,
    saleNumber: sale?.saleNumber ?? '',
    amount: formatMoney(account),
    since: businessDateTime(queuedAtMs),
    zh: isOut ? '脱机交易已带出，等结果文件' : '脱机交易待上传',
    en: isOut ? 'offline sale carried out, its answer is awaited' : 'offline sale to upload',
  };
}

const WORDS: Readonly<Record<(typeof OUTCOME_OPEN)[number], readonly [string, string]>> = {
  committing: ['正在结算', 'being settled'],
  unknown: ['结算结果未知', 'outcome unknown'],
  suspense: ['挂账待核实', 'in suspense'],
  disputed: ['结算金额待核对', 'settled, under check'],
  rejected: ['上传被拒，待处理', 'upload rejected, to be decided'],
};

function saleRow(sale: Sale): OwedRow {
  const state = OUTCOME_OPEN.find((one) => one === sale.state) ?? 'unknown';
  const [zh, en] = WORDS[state];
  const { saleId, saleNumber, createdAtMs } = sale;
  const since = businessDateTime(createdAtMs);
  return { kind: 'outcome', saleId, saleNumber, amount: formatMoney(saleTotal(sale)), since, zh, en };
}

function reversalRow(store: TillStore, saleId: string): OwedRow {
  const sale = readable(store, saleId);
  return {
    kind: 'outcome',
    saleId,
    saleNumber: sale?.saleNumber ?? '',
    amount: formatMoney(sale === undefined ? zeroMoney : saleTotal(sale)),
    since: sale === undefined ? '' : businessDateTime(sale.createdAtMs),
    zh: '冲正待对账证实',
    en: 'reversed, to be proved by reconciliation',
  };
}

function slipRow(store: TillStore, { saleId, state, owedAtMs }: SlipRow): OwedRow {
  const unclear = state === 'unclear';
  return {
    kind: 'slip',
    saleId,
    saleNumber: readable(store, saleId)?.saleNumber ?? '',
    amount: formatMoney(zeroMoney),
    since: businessDateTime(owedAtMs),
    zh: unclear ? '小票不知是否打出' : '小票未打印',
    en: unclear ? 'slip may not be printed' : 'slip not printed',
  };
}

function restoreRows(store: TillStore): OwedRow[] {
  const hold = restoreHold(store);
  const waiting: OwedRow[] =
    hold === undefined
      ? []
      : [
          {
            kind: 'restore',
            amount: formatMoney(zeroMoney),
            since: businessDateTime(hold.restoredAtMs),
            zh: '恢复后还没有与医保中心对账',
            en: 'not compared with the agency since the restore',
          },
        ];
  const lost = lostSales(store).map(
    ({ settlementId, day, total }): OwedRow => ({
      kind: 'agency-only',
      amount: total,
      since: day,
      zh: `备份之后的交易，只有医保中心有记录：${settlementId}`,
      en: `sale after the backup that only the agency has: ${settlementId}`,
    }),
  );
  return [...waiting, ...lost];
}

function readable(store: TillStore, saleId: string): Sale | undefined {
  return unlessBroken(() => store.sale(saleId));
}
