import { mappingBatches } from '#agency/mapping-batches';
import type { AgencyOutcome, MappingUpload } from '#agency/port';
import { listTypeOf, type Match, matchItem } from '#catalog/match/match-item';
import { businessDay } from '#core/business-time';
import type { ItemMapping, MappingState } from '#core/domain/item-mapping';
import type { Product } from '#core/domain/product';
import type { Operator } from '#core/domain/sale';
import { type Fault, fault } from '#core/fault';
import type { AgencyCatalogStore } from '#core/ports/agency-catalog';
import { err, ok, type Result } from '#core/result';
import type { MatchOutcome, UploadOutcome } from './facade.ts';
import type { AgencyLink } from './link.ts';
import type { CheckoutParts } from './parts.ts';

/** Rows written in one transaction, and products looked at before the till gets its turn again. */
const AT_ONCE = 50;
/** 3301 takes at most this many items a call (interface section 7). */
const UPLOAD_AT_ONCE = 100;
/** A mapping holds until it is revoked; the interface wants a last day. */
const NO_END = '2099-12-31';

/** States in which a match of the program may still replace the row: no person has spoken. */
const undecided: readonly (MappingState | undefined)[] = [undefined, 'proposed'];

interface DeskParts {
  readonly parts: CheckoutParts;
  readonly link: AgencyLink;
  /** Gives the till its turn: matching a whole list must not hold up a scan. */
  readonly breathe: () => Promise<void>;
}

/**
 * The desk where own items get their national codes (对照, B2): the program proposes, takes what is sure, people
 * decide the rest, and what is confirmed goes to the agency (3301) or is taken back there (3302).
 */
export class MappingDesk {
  readonly #options: DeskParts;
  #busy = false;

  constructor(options: DeskParts) {
    this.#options = options;
  }

  /** Looks at every product that nobody has decided about. One run at a time. */
  async matchAll(): Promise<Result<MatchOutcome, Fault>> {
    const { parts } = this.#options;
    const catalog = parts.catalog();
    const agency = parts.agencyCatalog();
    if (catalog === undefined || agency === undefined) return err(fault('catalog-none'));
    return this.#alone(async () => ok(await this.#match(catalog.listed(), agency)));
  }

  /** A person takes a code, or says that there is none; the row is then left alone by the program. */
  decide(
    shopCode: string,
    decision: { readonly nationalCode: string } | 'none',
    operator: Operator,
  ): Result<ItemMapping, Fault> {
    const { parts } = this.#options;
    const row = parts.store.mapping(shopCode);
    if (row === undefined) return err(fault('mapping-unknown'));
    if (row.state === 'uploaded' || row.state === 'revoking') return err(fault('mapping-at-agency'));
    const by = { changedAtMs: parts.clock.nowMs(), by: operator.number };
    const { faultCode: _fault, agencyText: _text, ...kept } = row;
    if (decision === 'none') return ok(this.#write({ ...kept, ...by, state: 'declined' }, row.state));
    const day = businessDay(parts.clock.nowMs());
    const item = parts.agencyCatalog()?.item(decision.nationalCode, day);
    if (item === undefined) return err(fault('mapping-code-unknown', decision.nationalCode.slice(0, 40)));
    const same = row.nationalCode === item.nationalCode;
    return ok(
      this.#write(
        {
          ...kept,
          ...by,
          state: 'confirmed',
          nationalCode: item.nationalCode,
          listType: listTypeOf(item),
          basis: same ? (row.basis ?? 'person') : 'person',
          from: day,
        },
        row.state,
      ),
    );
  }

  /** 3301 for everything confirmed, 3302 for everything to be revoked; stops where the agency cannot be asked. */
  upload(): Promise<Result<UploadOutcome, Fault>> {
    return this.#alone(() => this.#upload());
  }

  /** An uploaded mapping is to be taken back (a changed code is first revoked, interface section 7). */
  revoke(shopCode: string, operator: Operator): Result<ItemMapping, Fault> {
    const { parts } = this.#options;
    const row = parts.store.mapping(shopCode);
    if (row === undefined) return err(fault('mapping-unknown'));
    if (row.state !== 'uploaded') return err(fault('mapping-not-at-agency'));
    return ok(
      this.#write(
        { ...row, state: 'revoking', changedAtMs: parts.clock.nowMs(), by: operator.number },
        row.state,
      ),
    );
  }

  /** Matching and uploading both walk the rows: one after the other. */
  async #alone<T>(run: () => Promise<Result<T, Fault>>): Promise<Result<T, Fault>> {
    if (this.#busy) return err(fault('mapping-busy'));
    this.#busy = true;
    try {
      return await run();
    } finally {
      this.#busy = false;
    }
  }

  async #match(products: Iterable<Product>, agency: AgencyCatalogStore): Promise<MatchOutcome> {
    const { parts, breathe } = this.#options;
    const day = businessDay(parts.clock.nowMs());
    const counts = { looked: 0, confirmed: 0, proposed: 0 };
    const byBarcode = this.#confirmedByBarcode();
    let batch: { row: ItemMapping; was: readonly (MappingState | undefined)[] }[] = [];
    const flush = async (): Promise<void> => {
      if (batch.length > 0) parts.store.setMappings(batch);
      batch = [];
      await breathe();
    };
    for (const product of products) {
      counts.looked += 1;
      const known = parts.store.mapping(product.shopCode);
      if (known === undefined || known.state === 'proposed') {
        const sameBarcode = byBarcode.get(product.barcode ?? '');
        const match = matchItem({
          product,
          agency,
          day,
          ...(sameBarcode === undefined ? {} : { sameBarcode }),
        });
        if (match.state === 'proposed') counts.proposed += 1;
        else counts.confirmed += 1;
        batch.push({ row: this.#row(product, match, day), was: undecided });
      }
      if (counts.looked % AT_ONCE === 0) await flush();
    }
    await flush();
    return counts;
  }

  /** Codes that items with the same barcode already have: the same pack under two shop codes. */
  #confirmedByBarcode(): ReadonlyMap<string, readonly string[]> {
    const { parts } = this.#options;
    const codes = new Map<string, string[]>();
    for (const { shopCode, nationalCode } of parts.store.mappings(['confirmed', 'uploaded'], 100_000)) {
      const found = parts.catalog()?.findByShopCode(shopCode);
      const barcode = found?.ok ? found.value.barcode : undefined;
      if (barcode === undefined || nationalCode === undefined) continue;
      codes.set(barcode, [...(codes.get(barcode) ?? []), nationalCode]);
    }
    return codes;
  }

  #row(product: Product, match: Match, day: string): ItemMapping {
    return {
      ...match,
      shopCode: product.shopCode,
      ...(match.state === 'proposed' ? {} : { from: day }),
      changedAtMs: this.#options.parts.clock.nowMs(),
      by: 'till',
    };
  }

  async #upload(): Promise<Result<UploadOutcome, Fault>> {
    const { parts, link } = this.#options;
    const counts = { uploaded: 0, refused: 0 };
    const left = (): number => {
      const all = parts.store.mappingCounts();
      return (all.get('confirmed') ?? 0) + (all.get('revoking') ?? 0);
    };
    for (const row of parts.store.mappings(['revoking'], 10_000)) {
      const outcome = await this.#revokeOne(row);
      if (outcome !== undefined) return err(outcome);
    }
    for (;;) {
      const rows = parts.store.mappings(['confirmed'], UPLOAD_AT_ONCE);
      const ready = rows.map((row) => ({ row, item: this.#uploadOf(row) }));
      if (ready.length === 0) return ok({ ...counts, left: left() });
      const [items = []] = mappingBatches(ready.flatMap(({ item }) => (item === undefined ? [] : [item])));
      for (const { row, item } of ready) if (item === undefined) this.#writeGone(row);
      if (items.length === 0) continue;
      const sent = new Set(items.map((item) => item.shopCode));
      const known = ready
        .filter(({ item }) => item !== undefined && sent.has(item.shopCode))
        .map(({ row }) => row);
      const outcome = await link.ask((context) => parts.agency.uploadMappings(items, context));
      if (outcome.kind === 'unknown') return err(outcome.fault);
      if (outcome.kind === 'success') {
        for (const row of known) this.#state(row, 'uploaded');
        counts.uploaded += known.length;
        continue;
      }
      if (outcome.fault.retry === 'transient') return err(outcome.fault);
      // One bad row refuses its whole batch: each is then sent by itself, so that only the bad one stays.
      for (const row of known) {
        const one = known.length === 1 ? outcome : await this.#uploadOne(row);
        if (one === undefined) continue;
        if (one.kind === 'unknown') return err(one.fault);
        if (one.kind === 'success') counts.uploaded += 1;
        else counts.refused += 1;
        this.#settle(row, one);
      }
    }
  }

  async #uploadOne(row: ItemMapping): Promise<AgencyOutcome<void> | undefined> {
    const { parts, link } = this.#options;
    const item = this.#uploadOf(row);
    return item === undefined
      ? undefined
      : link.ask((context) => parts.agency.uploadMappings([item], context));
  }

  async #revokeOne(row: ItemMapping): Promise<Fault | undefined> {
    const { parts, link } = this.#options;
    const { shopCode, nationalCode = '', listType = '101' } = row;
    const outcome = await link.ask((context) =>
      parts.agency.revokeMapping({ shopCode, nationalCode, listType }, context),
    );
    if (outcome.kind === 'success') this.#state(row, 'revoked');
    else if (outcome.kind === 'refused' && outcome.fault.retry !== 'transient')
      this.#write({ ...row, state: 'uploaded', ...wordsOf(outcome) }, row.state);
    else return outcome.fault;
    return undefined;
  }

  #settle(row: ItemMapping, outcome: AgencyOutcome<void>): void {
    if (outcome.kind === 'success') this.#state(row, 'uploaded');
    else if (outcome.kind === 'refused')
      this.#write({ ...row, state: 'refused', ...wordsOf(outcome) }, row.state);
  }

  #uploadOf(row: ItemMapping): MappingUpload | undefined {
    const found = this.#options.parts.catalog()?.findByShopCode(row.shopCode);
    if (found?.ok !== true || row.nationalCode === undefined) return undefined;
    const { genericName, approvalNumber, form, specification, packUnit } = found.value;
    return {
      shopCode: found.value.shopCode,
      name: genericName,
      listType: row.listType ?? '101',
      nationalCode: row.nationalCode,
      from: row.from ?? businessDay(row.changedAtMs),
      to: row.to ?? NO_END,
      ...(approvalNumber === undefined ? {} : { approvalNumber }),
      form,
      specification,
      packing: packUnit,
    };
  }

  #state(row: ItemMapping, state: MappingState): void {
    const { faultCode: _fault, agencyText: _text, ...kept } = row;
    this.#write({ ...kept, state, changedAtMs: this.#options.parts.clock.nowMs() }, row.state);
  }

  /** The shop sells the item no longer: nothing to tell the agency, and nobody said that it has no code. */
  #writeGone(row: ItemMapping): void {
    const changedAtMs = this.#options.parts.clock.nowMs();
    const why = '商品表中已没有这个商品';
    this.#write({ ...row, state: 'proposed', confidence: 0, why, changedAtMs }, row.state);
  }

  #write(row: ItemMapping, was: MappingState): ItemMapping {
    this.#options.parts.store.setMappings([{ row, was: [was] }]);
    return row;
  }
}

function wordsOf(outcome: Extract<AgencyOutcome<void>, { kind: 'refused' }>) {
  return { faultCode: outcome.fault.code, agencyText: outcome.agencyText };
}
