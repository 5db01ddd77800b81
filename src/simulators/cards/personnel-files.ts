import type { ElementaryFile } from './card-files.ts';
import { digitItem, textItem } from './data-items.ts';
import { records } from './file-makers.ts';

/** Personnel and talent (人事与人才), DF07, from 2.00 (card reference 2.7): three files, each behind a key of its own. */
export function personnelFiles(blank: boolean): ElementaryFile[] {
  const date = (tag: string): string => digitItem(tag, 4, '20120901');
  return [
    records('EF05', [[0x84]], blank, [
      textItem('F0', 2, '01'),
      textItem('F1', 1, '1'),
      date('F2'),
      textItem('F3', 3, '001'),
      date('F4'),
    ]),
    records('EF06', [[0x85]], blank, [
      textItem('F5', 3, '001'),
      date('F6'),
      textItem('F7', 0x46, '示例人事局'),
    ]),
    records('EF07', [[0x86]], blank, [date('F8'), textItem('F9', 1, '1')]),
  ];
}
