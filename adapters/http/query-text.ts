/** Values as the query of an address; those that are undefined are left out. */
export function queryOf<Q>(values: { readonly [Name in keyof Q]?: string | number | boolean | undefined }): string {
  const given = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
