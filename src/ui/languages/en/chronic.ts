/** English: chronic patients and the kind of visit. */
export const chronic = {
  keyVisit: 'Visit kind',
  chronicTitle: 'Chronic diseases',
  chronicAsking: 'asking what is filed…',
  chronicNone: 'none filed',
  chronicUnknown: 'no answer: not known',
  chronicOpenEnd: 'no end',
  chronicMore: 'more:',
  standingValid: 'counts today',
  standingNotBegun: 'not begun',
  standingEnded: 'ended',
  standingElsewhere: 'only at',
  visitTitle: 'Kind of visit',
  visitOrdinary: 'Ordinary purchase',
  visitChosen: 'chosen',
  visitNote: 'The sale is quoted anew by the rules of the disease; another card takes the choice away',
  visitBarred: 'Do not count today',
};
