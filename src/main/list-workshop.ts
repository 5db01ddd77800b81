import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { columnChoices } from '#catalog/import/columns';
import { readerModule } from '#catalog/reader-module';
import type { ListWorkshop } from '#checkout/office/list-import';
import { systemClock } from '#core/clock';
import { fault } from '#core/fault';
import type { CatalogVersion } from '#core/ports/catalog-store';
import { err, ok } from '#core/result';
import { buildCatalogVersion, listCatalogVersions, proposeColumns } from '#store/catalog/build';
import { openCatalogVersion } from '#store/catalog/open';

/** Lists that the back office is given lie beside the versions until they are imported; none outlives a start. */
export function listWorkshop(dataFolder: string): ListWorkshop {
  const folder = join(dataFolder, 'catalog');
  const waiting = join(folder, 'offered');
  rmSync(waiting, { recursive: true, force: true });
  // Version files never change, so each is opened once.
  const known = new Map<string, CatalogVersion | undefined>();
  const read = (file: string) => {
    if (!known.has(file)) known.set(file, versionOf(file));
    return known.get(file);
  };
  return {
    columns: columnChoices,
    keep(name, content) {
      // The version keeps the name of its source, so the file has it too, in a folder of its own.
      const place = join(waiting, randomUUID());
      const file = join(place, safeName(name));
      try {
        mkdirSync(place, { recursive: true, mode: 0o700 });
        writeFileSync(file, content, { mode: 0o600 });
        return ok(file);
      } catch {
        return err(fault('catalog-build-failed', 'the list cannot be written to the data folder'));
      }
    },
    drop: (file) => rmSync(dirname(file), { recursive: true, force: true }),
    propose: (source, signal) => proposeColumns({ source, clock: systemClock, readerModule, signal }),
    build: (source, wishes) =>
      buildCatalogVersion({ source, folder, clock: systemClock, readerModule, ...wishes }),
    versions: () =>
      listCatalogVersions(folder)
        .map(read)
        .filter((version) => version !== undefined)
        .reverse(),
  };
}

/** A name from outside as the name of a file: no folders, no signs that a file system minds, not too long. */
function safeName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/, '');
  return plain === '' ? 'list' : [...plain].slice(-60).join('');
}

function versionOf(file: string): CatalogVersion | undefined {
  const opened = openCatalogVersion(file);
  if (!opened.ok) return undefined;
  opened.value.close();
  return opened.value.version;
}
