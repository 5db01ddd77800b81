import type { Stage } from './stage.ts';

/** One state of a page, as people see it: for the reviewed picture, for axe, for the keyboard and for zoom. */
export interface Scene {
  readonly name: string;
  /** Without it the cashier, in an open shift. */
  readonly who?: 'guest' | 'manager';
  /** The language that comes first; Chinese without it. */
  readonly tongue?: 'en';
  readonly set: (stage: Stage) => Promise<void>;
}
