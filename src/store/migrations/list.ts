import { recordsOne } from './records-1.ts';
import { recordsTwo } from './records-2.ts';
import { recordsThree } from './records-3.ts';
import { recordsFour } from './records-4.ts';
import { recordsFive } from './records-5.ts';
import { recordsSix } from './records-6.ts';
import { recordsSeven } from './records-7.ts';

/** Forward only, in order; the place in the list plus one is the schema version. Never edit a shipped one. */
export const migrations: readonly string[] = [
  recordsOne,
  recordsTwo,
  recordsThree,
  recordsFour,
  recordsFive,
  recordsSix,
  recordsSeven,
];

/** First schema version whose personal columns are sealed. */
export const sealedSince = 2;

/** `GTAI`: marks the file as a till's records (SQLite application_id). */
export const applicationId = 0x47544149;
