import type { Fields } from './fields.ts';
import type { Infno } from './paths.ts';

/** A message that passed every check, its values as text. */
export interface CheckedRequest {
  readonly infno: Infno;
  readonly envelope: Fields;
  /** Single nodes of `input` by name. */
  readonly nodes: Readonly<Record<string, Fields>>;
  /** List nodes of `input` by name. */
  readonly lists: Readonly<Record<string, readonly Fields[]>>;
}
