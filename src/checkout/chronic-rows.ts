import type { Fault } from '#core/fault';
import type { Result } from '#core/result';
import type { TillView } from './view.ts';

/** The kind of visit (就诊类别): an ordinary purchase, or one for a chronic disease that is filed. */
export interface VisitVerbs {
  /**
   * `diseaseCode`: one of the holder's valid entitlements; undefined = an ordinary purchase. A quoted sale is quoted
   * anew. Faults: `holder-none`, `chronic-unknown`, `chronic-not-filed`, `chronic-not-valid`, `chronic-offline`.
   */
  setVisit(diseaseCode: string | undefined): Promise<Result<TillView, Fault>>;
}
