/** The zone that most schedules name; undefined where none names one. */
export function mostNamedZone(
  pipelines: readonly { readonly schedule?: { readonly timezone: string } | undefined }[],
): string | undefined {
  const counts = new Map<string, number>();
  for (const { schedule } of pipelines) {
    if (schedule !== undefined) counts.set(schedule.timezone, (counts.get(schedule.timezone) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b))[0]?.[0];
}
