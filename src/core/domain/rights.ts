/** Roles at the counter (角色). An inspector (稽核) reads at any hour and changes nothing (A8). */
export const operatorRoles = ['cashier', 'manager', 'inspector'] as const;

export type OperatorRole = (typeof operatorRoles)[number];

/**
 * What an operator may do (权限). `sell`: everything at the till. `second`: be the second person of a step that needs
 * two. `look`: read in the back office. `manage`: change what the back office keeps.
 */
export const rights = ['sell', 'second', 'look', 'manage'] as const;

export type Right = (typeof rights)[number];

const RIGHTS: Readonly<Record<OperatorRole, readonly Right[]>> = {
  cashier: ['sell', 'second'],
  manager: ['sell', 'second', 'look', 'manage'],
  inspector: ['look'],
};

export function rightsOf(role: OperatorRole): readonly Right[] {
  return RIGHTS[role];
}

export function hasRight(role: OperatorRole, right: Right): boolean {
  return RIGHTS[role].includes(right);
}
