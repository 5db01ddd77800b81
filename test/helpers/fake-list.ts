import { columnChoices } from '#catalog/import/columns';
import { reader } from '#catalog/reader';
import { ListImport } from '#checkout/office/list-import';
import type { ListVerbs } from '#checkout/office/list-rows';
import type { CatalogVersion } from '#core/ports/catalog-store';
import { err, ok } from '#core/result';

/** The real import over lists and versions in memory. */
export function fakeList(): ListVerbs & { use(version: string): void } {
  const lists = new Map<string, Uint8Array>();
  const versions: CatalogVersion[] = [
    {
      version: '20260301-083000-0a1b2c3d',
      importedAtMs: 1_772_325_000_000,
      productCount: 300,
      source: '商品资料.csv sha256:0a1b2c3d',
    },
  ];
  let inUse = versions[0]?.version;
  const contentOf = (file: string) => lists.get(file) ?? new Uint8Array();
  const desk = new ListImport({
    inUse: () => inUse,
    use: (version) => {
      inUse = version;
      return ok(undefined);
    },
    log: { warn: () => undefined },
    workshop: {
      columns: columnChoices,
      keep(name, content) {
        lists.set(name, content);
        return ok(name);
      },
      drop: (file) => lists.delete(file),
      propose: (file) => reader.proposeColumns(contentOf(file)),
      async build(file, { columns }) {
        const report = await reader.read(contentOf(file), () => undefined, { columns });
        if (report.fault !== undefined) return err(report);
        const version = {
          ...versions[0],
          version: '20260302-083000-1a1b2c3d',
          importedAtMs: 1_772_411_400_000,
        };
        const made = { ...version, productCount: report.products, source: file };
        versions.unshift(made);
        return ok({ ...made, report });
      },
      versions: () => versions,
    },
  });
  return {
    use: (version) => {
      inUse = version;
    },
    listState: () => desk.view(),
    offerList: (name, content) => desk.offer(name, content),
    importList: async (columns, operator) => desk.import(columns, operator),
    dropList: async () => desk.drop(),
  };
}
