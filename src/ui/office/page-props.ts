import type { TillModel } from '../use-till.ts';

/** What every section gets. */
export interface PageProps {
  readonly model: TillModel;
  /** Whether the operator may change anything here. */
  readonly mayChange: boolean;
}
