import type { AgencyTable, ListedDisease, ListedItem } from '#core/domain/agency-catalog';
import type { Cells } from './cells.ts';

/** One table that the agency hands out as a text file: its columns by position and what becomes of a row. */
export interface FileTable {
  readonly table: AgencyTable;
  /** Chinese names as the interface has them, the oldest edition's order first. */
  readonly columns: readonly string[];
  /** Numbers of columns of the editions that are known; a row with another number is a bad row. */
  readonly widths: readonly number[];
  /** Reads one row; what is wrong with it stands in `cells`, and the answer counts only when nothing is. */
  decode(cells: Cells): ListedItem | ListedDisease;
}
