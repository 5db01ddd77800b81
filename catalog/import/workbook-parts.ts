import { strFromU8, unzipSync, zipSync } from 'fflate';
import { err, ok, type Result } from '#core/result';

/** Sheets of a workbook in its order, as `xl/workbook.xml` names them. */
export interface SheetPart {
  /** Place in the workbook, from 1. */
  readonly number: number;
  readonly name: string;
  readonly visible: boolean;
  /** Its cells as XML; undefined for a chart sheet. */
  readonly xml: string | undefined;
}

export interface WorkbookParts {
  readonly sheets: readonly SheetPart[];
  /** The same workbook without compression and without pictures and charts, for the reader of cells. */
  readonly plain: ArrayBuffer;
}

/** A workbook that would fill the memory is refused by the sizes that its own directory states. */
const LARGEST = { fileBytes: 64 << 20, partBytes: 256 << 20, wholeBytes: 400 << 20 } as const;

/** Unpacks what cells need; nothing is written beyond the stated size of a part, however it was packed. */
export function unpackWorkbook(bytes: Uint8Array): Result<WorkbookParts, string> {
  if (bytes.length > LARGEST.fileBytes) return err('the file is larger than 64 MB');
  let whole = 0;
  let tooLarge = false;
  let parts: Record<string, Uint8Array>;
  try {
    parts = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!isNeeded(name)) return false;
        whole += originalSize;
        tooLarge ||= originalSize > LARGEST.partBytes || whole > LARGEST.wholeBytes;
        return !tooLarge;
      },
    });
  } catch {
    return err('not a whole zip file');
  }
  if (tooLarge) return err('unpacked it is larger than 256 MB');
  const workbook = parts['xl/workbook.xml'];
  if (workbook === undefined) return err('xl/workbook.xml is missing');
  const targets = targetsOf(parts['xl/_rels/workbook.xml.rels']);
  const sheets = sheetsOf(strFromU8(workbook)).map(({ relation, ...sheet }) => {
    const part = parts[targets.get(relation) ?? ''];
    return { ...sheet, xml: part === undefined ? undefined : strFromU8(part) };
  });
  return ok({ sheets, plain: zipSync(parts, { level: 0 }).slice().buffer });
}

function isNeeded(name: string): boolean {
  if (!/\.(xml|rels)$/.test(name)) return false;
  return !/^(docProps|customXml|xl\/(drawings|charts|theme|media|comments|pivot\w*|externalLinks|tables|queryTables))\b/.test(
    name,
  );
}

function targetsOf(relations: Uint8Array | undefined): ReadonlyMap<string, string> {
  const text = relations === undefined ? '' : strFromU8(relations);
  const targets = new Map<string, string>();
  for (const [tag] of text.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)) {
    const target = attribute(tag, 'Target') ?? '';
    targets.set(attribute(tag, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  return targets;
}

function sheetsOf(workbook: string): { number: number; name: string; visible: boolean; relation: string }[] {
  return [...workbook.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].map(([tag], index) => ({
    number: index + 1,
    name: unescaped(attribute(tag, 'name') ?? ''),
    visible: (attribute(tag, 'state') ?? 'visible') === 'visible',
    relation: /\s\w+:id="([^"]*)"/.exec(tag)?.[1] ?? '',
  }));
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
}

function unescaped(text: string): string {
  const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => signs[name] ?? '');
}
