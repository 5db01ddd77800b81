import { join } from 'node:path';
import { type JournalFiles, journalFiles } from '#store/verify/files';
import type { RecordsPlace } from './records.ts';

/** Where a running shop keeps anchors and day reports. */
export function shopJournalFiles({ config, folder }: RecordsPlace): JournalFiles {
  const { institution_code: institution, terminal } = config.shop;
  const anchorFolder = config.journal.anchor_folder;
  return journalFiles({ anchorFolder, reportFolder: join(folder, 'reports'), institution, terminal });
}
