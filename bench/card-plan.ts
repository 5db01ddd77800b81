/**
 * Every command that a straight reading of EF05 and EF06 needs, written down here from the card reference
 * (sections 1.1, 2.2 and 4.6) and not taken from our reader: select by name, the seven items of EF05 by tag,
 * both authentications, the seven items of EF06 by tag, and at the end the question by which the till knows the
 * card again before it charges.
 */
const select = '00A404000F7378312E73682EC9E7BBE1B1A3D5CF';
const issuer = [
  '00A4020002EF05',
  '00B2010012',
  '00B2020003',
  '00B2030006',
  '00B204000E',
  '00B2050006',
  '00B2060006',
  '00B207000B',
];
const holder = [
  '00A4020002EF06',
  '00B2080014',
  '00B2090020',
  '00B24E0016',
  '00B20A0003',
  '00B20B0003',
  '00B20C0005',
  '00B20D0006',
];
const challenge = '0084000008';

/** The till draws these anew at every read; here they are fixed, so that both sides send the same bytes. */
export const drawnByTill = 'A5'.repeat(8);

/** Hex commands; `externalData` (16 hex digits) opens EF06 on a 3.00 card, older cards need none. */
export function readingPlan(externalData: string | undefined): readonly string[] {
  const external = externalData === undefined ? [] : [`0082000A10${externalData}${drawnByTill}`];
  return [
    select,
    ...issuer,
    `0088000010${drawnByTill}${drawnByTill}`,
    challenge,
    ...external,
    ...holder,
    `0088000010${drawnByTill}${drawnByTill}`,
  ];
}
