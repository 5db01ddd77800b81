import Database from 'better-sqlite3';
import type { Product } from '#core/domain/product';
import { createSpelling } from './search-words.ts';

/**
 * SQLite alone, as a program without an index of its own would use it: FTS5 over trigrams of all texts of a
 * product, LIKE for one or two characters. In the order of the list; nothing is ranked.
 */
export function sqliteOver(
  file: string,
  products: readonly Product[],
): (text: string, limit: number) => Product[] {
  const db = new Database(file);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.exec(`CREATE VIRTUAL TABLE texts USING fts5 (said, tokenize = 'trigram')`);
  const insert = db.prepare('INSERT INTO texts (rowid, said) VALUES (?, ?)');
  const spell = createSpelling();
  db.exec('BEGIN');
  products.forEach((product, id) => {
    const { genericName, tradeName = '', shopCode, barcode = '', nationalCode = '' } = product;
    insert.run(
      id,
      [genericName, tradeName, ...spell(genericName), shopCode, barcode, nationalCode].join(' '),
    );
  });
  db.exec('COMMIT');
  const like = db
    .prepare<[string, number], number>('SELECT rowid FROM texts WHERE said LIKE ? LIMIT ?')
    .pluck();
  return (text, limit) => like.all(`%${text}%`, limit).flatMap((id) => products[id] ?? []);
}
