/** Pictures for people who read little: one thing each, in the ink of the place where it stands. */
const DRAWN = {
  card: 'M6 14h36a3 3 0 0 1 3 3v22a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V17a3 3 0 0 1 3-3Zm-3 8h42M9 33h12',
  'card-in': 'M12 21V4h24v17M24 10v14m-6-6 6 6 6-6M4 28h40v14H4Zm6 7h28',
  'card-out': 'M12 21V4h24v17M24 25V11m-6 6 6-6 6 6M4 28h40v14H4Zm6 7h28',
  keypad: 'M10 4h28v40H10Zm5 6h18v6H15Zm2 13h2m4 0h2m4 0h2m-14 7h2m4 0h2m4 0h2m-14 7h2m4 0h2m4 0h2',
  money: 'M3 12h42v24H3Zm21 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM9 18v12m30-12v12',
  fund: 'M24 4 42 11v12c0 11-8 18-18 21C14 41 6 34 6 23V11Zm-8 19 6 7 11-13',
  goods: 'M6 15 24 6l18 9v18l-18 9-18-9Zm0 0 18 9 18-9M24 24v18M15 10l18 10',
  wait: 'M13 4h22M13 44h22M15 4c0 12 9 14 9 20s-9 8-9 20M33 4c0 12-9 14-9 20s9 8 9 20M20 38h8',
  check: 'M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40Zm-10 21 7 8 14-17',
  person: 'M24 5a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM7 44c0-10 7-16 17-16s17 6 17 16Z',
  kept: 'M5 8h38v9H5Zm3 9h32v25H8Zm11 8h10',
} as const;

export type PictogramName = keyof typeof DRAWN;

export function Pictogram({ of }: { of: PictogramName }) {
  return (
    <svg class="pictogram" viewBox="0 0 48 48" aria-hidden="true" data-picture={of}>
      <path d={DRAWN[of]} fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round" />
    </svg>
  );
}
