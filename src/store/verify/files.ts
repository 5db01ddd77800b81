import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Anchor } from '#core/domain/journal-head';
import { type Fault, fault } from '#core/fault';
import { err, ok, type Result } from '#core/result';
import { moveFile, replaceFile } from '../lasting-files.ts';
import { anchorText, parseAnchor } from './anchor.ts';

const SET_ASIDE = '.set-aside-';

/** Where heads of the journal are kept outside of its own file, and day reports beside it. */
export interface JournalFiles {
  /** Undefined = no second folder is configured. */
  readonly anchorFile: string | undefined;
  /** Last anchor written; undefined when there is none. */
  readAnchor(): Result<Anchor | undefined, Fault>;
  /** Replaces it in one step: after a power cut the old one or the new one is there. */
  writeAnchor(anchor: Anchor): Promise<Result<void, Fault>>;
  /** Keeps an anchor that does not fit the journal under another name, for whoever looks into it. */
  setAside(name: string): Promise<Result<void, Fault>>;
  /** Names of anchors set aside: until somebody removes them, the difference is not cleared up. */
  asideNames(): Promise<readonly string[]>;
  /** A day report, by day, replaced in one step. */
  writeReport(name: string, text: string): Promise<Result<void, Fault>>;
}

/** `anchorFolder` empty = no anchors. One file per terminal, so that several tills share a folder. */
export function journalFiles(options: {
  readonly anchorFolder: string;
  readonly reportFolder: string;
  readonly institution: string;
  readonly terminal: string;
}): JournalFiles {
  const { anchorFolder, reportFolder } = options;
  const name = `guitai-${options.institution}-${options.terminal}.anchor.json`;
  const file = anchorFolder === '' ? undefined : join(anchorFolder, name);
  return {
    anchorFile: file,
    readAnchor() {
      if (file === undefined) return ok(undefined);
      const text = textOf(file);
      if (!text.ok) return text;
      return text.value === undefined ? ok(undefined) : parseAnchor(text.value);
    },
    writeAnchor: (anchor) =>
      file === undefined ? Promise.resolve(ok(undefined)) : replace(file, anchorText(anchor)),
    setAside: (mark) =>
      file === undefined
        ? Promise.resolve(ok(undefined))
        : attempt(() => moveFile(file, `${file}${SET_ASIDE}${mark}`)),
    async asideNames() {
      if (file === undefined) return [];
      const names = await readdir(anchorFolder).catch(() => []);
      return names.filter((found) => found.startsWith(`${name}${SET_ASIDE}`));
    },
    writeReport: (report, text) => replace(join(reportFolder, report), text),
  };
}

/** The text of an anchor or report that a person names. */
export function readAnchorFile(path: string): Result<Anchor, Fault> {
  const text = textOf(path);
  if (!text.ok) return text;
  if (text.value === undefined) return err(fault('journal-anchor-unreadable', `no such file: ${path}`));
  return parseAnchor(text.value);
}

function textOf(path: string): Result<string | undefined, Fault> {
  try {
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' ? ok(undefined) : err(fault('journal-anchor-unreadable', `${path}: ${code}`));
  }
}

function replace(path: string, text: string): Promise<Result<void, Fault>> {
  return attempt(() => replaceFile(path, text));
}

async function attempt(write: () => Promise<void>): Promise<Result<void, Fault>> {
  try {
    await write();
    return ok(undefined);
  } catch (error) {
    return err(fault('journal-anchor-unwritable', codeOf(error)));
  }
}

/** The system's code of an error; anything else is a bug and thrown on. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}
