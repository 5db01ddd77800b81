/**
 * Clearing types (清算类别) under which a pharmacy's sales are listed: what it sells, chronic patients' purchases where a
 * region counts them among the outpatients, and others.
 */
export const saleClearingTypes = ['41', '11', '99'] as const;
