import { businessDateTime } from '#core/business-time';
import { type Fault, fault } from '#core/fault';
import type { DoctorRow } from './facade.ts';
import type { TillCore } from './till-core.ts';

/** The records in the doctor's list: seals, the chain since the last signature, the last whole look, the anchor. */
export async function journalRows(core: TillCore): Promise<readonly DoctorRow[]> {
  return [await recordsRow(core), ...(await anchorRows(core))];
}

async function recordsRow({ parts, journal }: TillCore): Promise<DoctorRow> {
  const broken = parts.store.brokenRecords();
  if (broken.length > 0) return bad('record-seal-broken', `${broken.length}`);
  const tail = await journal.verifyTail();
  const whole = journal.lastWhole();
  const [first] = [...(whole?.result.findings ?? []), ...tail.findings];
  if (first !== undefined) {
    const found = fault('journal-broken');
    return { part: 'records', state: 'fault', zh: first.zh, en: first.en, fault: found };
  }
  const checked =
    whole === undefined
      ? ['尚未整体核对', 'not looked at as a whole since the start']
      : [
          `${businessDateTime(whole.atMs)} 整体核对无误`,
          `all found sound at ${businessDateTime(whole.atMs)}`,
        ];
  const { sequence } = parts.store.journalHead();
  return {
    part: 'records',
    state: 'ok',
    zh: `流水 ${sequence} 条，自上次签名以来链完整；${checked[0]}`,
    en: `${sequence} journal entries, chain intact since the last signature; ${checked[1]}`,
  };
}

/** Only where a second folder is configured: without one the tail is simply not proved. */
async function anchorRows({ journal: { anchors } }: TillCore): Promise<readonly DoctorRow[]> {
  if (!anchors.on) return [];
  const part = 'journal-anchor';
  const aside = await anchors.differences();
  const problem = aside.length > 0 ? fault('journal-anchor-differs', aside.join(', ')) : anchors.fault;
  if (problem !== undefined) return [{ ...bad(problem.code, problem.detail), part }];
  const upTo = anchors.anchoredUpTo;
  return [
    { part, state: 'ok', zh: `流水锚定到第 ${upTo} 条`, en: `The journal is anchored up to entry ${upTo}` },
  ];
}

function bad(code: Fault['code'], detail: string | undefined): DoctorRow {
  const found = fault(code, detail);
  const tail = detail === undefined ? ['', ''] : [`（${detail}）`, ` (${detail})`];
  return {
    part: 'records',
    state: 'fault',
    zh: `${found.zh}${tail[0]}`,
    en: `${found.en}${tail[1]}`,
    fault: found,
  };
}
