import { fault } from '#core/fault';
import { err, ok } from '#core/result';
import { catalogDownloadView } from '../catalog-view.ts';
import type { Till } from '../facade.ts';
import type { TillCore } from '../till-core.ts';

/** Verbs about the agency's own catalogue (1301–1319). */
export function catalogVerbs(core: TillCore): Pick<Till, 'downloadCatalog' | 'catalogState'> {
  const { catalogDownload } = core;
  return {
    catalogState: () => catalogDownloadView(catalogDownload?.state()),
    async downloadCatalog() {
      if (catalogDownload === undefined) return err(fault('catalog-download-off'));
      const begun = catalogDownload.download();
      return begun.ok ? ok(catalogDownloadView(begun.value)) : begun;
    },
  };
}
