import { toHex } from '#core/hex';
import { type Command, sw } from './apdu.ts';
import type { DedicatedFile } from './card-definition.ts';
import type { ElementaryFile } from './card-files.ts';

/** What SELECT found, or the status word that refuses it. */
export type Selection =
  | { readonly kind: 'application'; readonly file: DedicatedFile }
  | { readonly kind: 'file'; readonly file: ElementaryFile }
  | { readonly kind: 'refused'; readonly status: number };

export interface SelectionContext {
  /** All applications, master file first. */
  readonly files: readonly DedicatedFile[];
  readonly current: DedicatedFile;
  readonly fidSelectFails: FidSelectFailure;
}

/**
 * Some cities' cards refuse the master file and DDF1 by number (card reference 1.2, 7). `all`: P1 00 finds
 * nothing at all, applications go by name and files by P1 02 or short identifier.
 */
export type FidSelectFailure = boolean | 'all';

const notFound: Selection = { kind: 'refused', status: sw.fileNotFound };

/** SELECT by name (P1 04), by number (P1 00), file below the application (02), application below (01). */
export function select(command: Command, context: SelectionContext): Selection {
  switch (command.p1) {
    case 0x04:
      return byName(command, context);
    case 0x00:
      return byNumber(command, context);
    case 0x01:
      return command.p2 === 0 ? application(toHex(command.data), context) : wrongP1P2();
    case 0x02:
      return command.p2 === 0 ? elementary(command.data, context) : wrongP1P2();
    default:
      return wrongP1P2();
  }
}

function byName({ p2, data }: Command, { files, current }: SelectionContext): Selection {
  if (p2 !== 0x00 && p2 !== 0x02) return wrongP1P2();
  if (data.length === 0) return { kind: 'refused', status: sw.wrongLength };
  const matches = files.filter((file) => toHex(file.name).startsWith(toHex(data)));
  const found = p2 === 0x00 ? matches[0] : matches[matches.indexOf(current) + 1];
  return found === undefined ? notFound : chosen(found);
}

function byNumber(command: Command, context: SelectionContext): Selection {
  if (command.p2 !== 0) return wrongP1P2();
  if (command.data.length !== 0 && command.data.length !== 2) {
    return { kind: 'refused', status: sw.wrongLength };
  }
  const fid = command.data.length === 0 ? '3F00' : toHex(command.data);
  if (context.fidSelectFails === 'all') return notFound;
  if (context.fidSelectFails && (fid === '3F00' || fid === 'DDF1')) return notFound;
  const found = application(fid, context);
  // Public software also finds files this way, and cards answer 9000.
  return found.kind === 'application' || (found.kind === 'refused' && found.status !== sw.fileNotFound)
    ? found
    : elementary(command.data, context);
}

function application(fid: string, { files }: SelectionContext): Selection {
  const found = files.find((file) => file.fid === fid);
  return found === undefined ? notFound : chosen(found);
}

function elementary(data: Uint8Array, { current }: SelectionContext): Selection {
  if (data.length !== 2) return { kind: 'refused', status: sw.wrongLength };
  if (current.locked === true) return { kind: 'refused', status: sw.applicationLocked };
  const found = current.files.find((file) => file.fid === toHex(data));
  return found === undefined ? notFound : { kind: 'file', file: found };
}

function chosen(file: DedicatedFile): Selection {
  if (file.locked === true) return { kind: 'refused', status: sw.applicationLocked };
  return { kind: 'application', file };
}

function wrongP1P2(): Selection {
  return { kind: 'refused', status: sw.wrongP1P2 };
}
