import type { CardFacts } from './card-facts.ts';
import { type AccessRule, type ElementaryFile, freeAccess, transparentFile } from './card-files.ts';
import { digitItem, nested, textItem, textValue } from './data-items.ts';
import { agedItem, isOld, maker } from './file-makers.ts';

const UPDATE_KEY = 0x83;
const RK1 = 0x88;

/** Public application (公共应用), DF01: card reference 2.3. */
export function publicFiles(facts: CardFacts, blank: boolean): ElementaryFile[] {
  const old = isOld(facts);
  const newer: AccessRule = [['pin'], [RK1]];
  const pinOnly: AccessRule = [['pin']];
  const pinOrUpdate: AccessRule = [['pin'], [0x84]];
  const rule = (first: AccessRule): AccessRule => (old ? first : newer);
  const make = maker(blank, UPDATE_KEY);
  const aged = agedItem(old);
  const region = facts.region;
  return [
    make('EF05', rule(pinOnly), [
      textItem('20', 2, '10'),
      textItem('21', 0x50, '示例市示例路一号'),
      digitItem('0E', 3, region),
    ]),
    make('EF06', rule(pinOnly), [
      textItem('23', 0x50, '示例市示例路二号'),
      digitItem('24', 3, region),
      textItem('28', 0x0f, '00000000000'),
      textItem('2C', 0x32, '示例联系人'),
      textItem('2D', 0x0f, '00000000000'),
    ]),
    make('EF07', rule(pinOrUpdate), [textItem('29', 1, '1')]),
    make('EF08', rule(pinOnly), [textItem('2B', 1, '1')]),
    make('EF09', rule(pinOrUpdate), [
      textItem('2E', 0x46, '示例制造有限公司'),
      textItem('30', 9, '000000000'),
      aged('32', textValue('01', 2)),
    ]),
    make('EF0A', rule(pinOnly), [
      aged('37', textValue('CHN', 3)),
      aged('38', textValue('13', 2)),
      digitItem('39', 4, '20100101'),
    ]),
    ...(old ? [] : [make('EF15', newer, [digitItem('2A', 1, '20'), ...[1, 2, 3].map(school)])]),
    ...[0x16, 0x17, 0x18, 0x19, 0x1a].map((sfi) => reserved(sfi, blank)),
  ];
}

function school(place: number): string {
  return nested(
    '40',
    0x34,
    textItem('57', 3, `00${place}`),
    digitItem('58', 3, '990100'),
    textItem('59', 0x28, `示例学校${place}`),
  );
}

function reserved(sfi: number, blank: boolean): ElementaryFile {
  const fid = `EF${sfi.toString(16).toUpperCase()}`;
  return transparentFile(fid, sfi, freeAccess, new Uint8Array(0x128).fill(blank ? 0xff : 0x00), UPDATE_KEY);
}
