/** What the holder of a token may do. `operate` includes the others. */
export const ROLES = ['write', 'read', 'operate'] as const;
export type Role = (typeof ROLES)[number];

/** Completes "a token that may …". */
export const ROLE_MAY: Readonly<Record<Role, string>> = {
  write: 'send events',
  read: 'ask',
  operate: 'decide and repair',
};

/** The roles of which one is enough. */
export const rolesFor = (needed: Role): readonly Role[] => (needed === 'operate' ? ['operate'] : [needed, 'operate']);

export const mayAct = (roles: readonly Role[], needed: Role): boolean =>
  rolesFor(needed).some((role) => roles.includes(role));
