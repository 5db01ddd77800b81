/** Paper of 58 mm carries 32 half-width columns, of 80 mm 48, A5 across in a form printer 84. */
export type PaperColumns = 32 | 48 | 84;

/** `large` doubles the height of every line (大字票, F3). */
export type SlipForm = 'normal' | 'large';

export interface LayoutRow {
  readonly kind: 'row';
  readonly text: string;
  readonly align: 'left' | 'center';
  /** 1 or 2. */
  readonly widthScale: number;
  readonly heightScale: number;
  readonly bold: boolean;
  readonly inverted: boolean;
}

export type LayoutLine = LayoutRow | { readonly kind: 'qr'; readonly data: string };

export interface SlipLayout {
  readonly columns: PaperColumns;
  readonly lines: readonly LayoutLine[];
}

/** What may differ from a plain line. */
export type Look = Partial<Omit<LayoutRow, 'kind' | 'text'>>;

/** One printed line; plain unless `look` says otherwise. */
export function row(text: string, look?: Look): LayoutRow {
  if (look === undefined) {
    return {
      kind: 'row',
      text,
      align: 'left',
      widthScale: 1,
      heightScale: 1,
      bold: false,
      inverted: false,
    };
  }
  return {
    kind: 'row',
    text,
    align: look.align ?? 'left',
    widthScale: look.widthScale ?? 1,
    heightScale: look.heightScale ?? 1,
    bold: look.bold ?? false,
    inverted: look.inverted ?? false,
  };
}
